import type { EraFacts, JsonObject, UpstreamFacts } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import {
  legacyCapabilities,
  modernCapabilities,
  neededCapability,
  sessionClientCapabilities,
  withoutRootChanges,
} from './capabilities.js';

const ITEMS: TestGateway['items'] = [
  ['tool', 't'],
  ['resource', 'r://1'],
];
const ALL = { resources: { subscribe: true }, logging: {}, completions: {}, tasks: {} };

/** A server of one gateway with these facts. */
function server(capabilities: JsonObject, facts: Partial<UpstreamFacts> = {}): VirtualServer {
  return serverRoutes([{ slug: 'a', mappings: [], items: ITEMS, facts: { capabilities, ...facts } }]);
}

describe('legacyCapabilities', () => {
  it('offers what items and upstreams allow', () => {
    expect(legacyCapabilities(server(ALL, { sessionful: true }))).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
      logging: {},
    });
  });

  it('offers no subscription where no session keeps it', () => {
    expect(legacyCapabilities(server(ALL)).resources).toEqual({ listChanged: true });
  });

  it('offers nothing of upstreams that do not or are closed, and of modern ones what needs no session', () => {
    const own = { tools: { listChanged: true }, resources: { listChanged: true } };
    const disabled: TestGateway = { slug: 'a', mappings: [], items: ITEMS, enabled: false };
    const closed = serverRoutes([{ ...disabled, facts: { capabilities: ALL, sessionful: true } }]);
    expect(legacyCapabilities(server({}))).toEqual(own);
    expect(legacyCapabilities(closed)).toEqual(own);
    expect(legacyCapabilities(server(ALL, { era: 'modern' }))).toEqual({ ...own, completions: {} });
  });
});

describe('modernCapabilities', () => {
  it('offers what items and upstreams allow, and extensions that are relayed', () => {
    const ui = { mimeTypes: ['text/html'] };
    const extensions = { 'io.modelcontextprotocol/ui': ui, 'io.modelcontextprotocol/tasks': {} };
    expect(modernCapabilities(server({ ...ALL, extensions }, { era: 'modern' }))).toEqual({
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
      logging: {},
      extensions: { 'io.modelcontextprotocol/ui': ui },
    });
  });

  it('offers no notifications of upstreams that have nowhere to send them', () => {
    const own = { tools: { listChanged: true }, resources: { listChanged: true }, completions: {} };
    expect(modernCapabilities(server(ALL))).toEqual(own);
  });
});

describe('capabilities of an upstream of both eras', () => {
  const legacy = {
    ...{ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, listScope: 'unknown', serverInfo: {} },
    capabilities: { resources: { subscribe: true }, logging: {} },
  } satisfies EraFacts;
  const both = server({ completions: {} }, { era: 'modern', otherEra: legacy });
  const own = { tools: { listChanged: true }, resources: { listChanged: true } };

  it('are offered to the clients of the era in which it declares them', () => {
    const resources = { listChanged: true, subscribe: true };
    expect(legacyCapabilities(both)).toEqual({ ...own, resources, logging: {} });
    expect(modernCapabilities(both)).toEqual({ ...own, completions: {} });
  });
});

describe('requests of upstreams', () => {
  it('need the capability of their own, and are not relayed when they are unknown', () => {
    expect(neededCapability('sampling/createMessage')).toBe('sampling');
    expect(neededCapability('tasks/list')).toBeUndefined();
    expect(neededCapability('constructor')).toBeUndefined();
  });
});

describe('client capabilities in a session', () => {
  it('offers what upstreams may ask of a client, as it declared it, and nothing else', () => {
    const declared = { roots: { listChanged: true }, elicitation: { url: {} }, tasks: {}, experimental: { x: {} } };
    expect(sessionClientCapabilities(declared)).toEqual({ roots: { listChanged: true }, elicitation: { url: {} } });
  });

  it.each([undefined, null, 'x', [], { sampling: true }])('offers nothing for %j', (declared) => {
    expect(sessionClientCapabilities(declared)).toEqual({});
  });

  it('is short: it travels in every request', () => {
    expect(sessionClientCapabilities({ sampling: { long: 'x'.repeat(1_000) } })).toEqual({ sampling: {} });
    const elicitation = { form: { long: 'x'.repeat(1_000) }, url: {}, other: {} };
    expect(sessionClientCapabilities({ elicitation })).toEqual({ elicitation: { form: {}, url: {} } });
  });
});

describe('withoutRootChanges', () => {
  it('keeps what the client declared, but no changes of roots', () => {
    const declared = { roots: { listChanged: true }, sampling: { tools: {} }, elicitation: { url: {} } };
    expect(withoutRootChanges(declared)).toEqual({ ...declared, roots: {} });
    expect(withoutRootChanges({})).toEqual({});
  });
});
