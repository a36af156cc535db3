import type { JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../routes/table/gateway.js';
import { VirtualServer } from '../routes/table/virtual-server.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import { legacyCapabilities, modernCapabilities, neededCapability, sessionClientCapabilities } from './capabilities.js';

const ITEMS: TestGateway['items'] = [
  ['tool', 't'],
  ['resource', 'r://1'],
];
const ALL = { resources: { subscribe: true }, logging: {}, completions: {}, tasks: {} };

/** A server of one gateway with these facts. */
function server(capabilities: JsonObject, more: Partial<Gateway> = {}): VirtualServer {
  const plain = serverRoutes([{ slug: 'a', mappings: [], items: ITEMS }]);
  const gateways = plain.gateways.map((gateway) => ({ ...gateway, capabilities, ...more }));
  return new VirtualServer(plain.manifest, gateways, () => ({
    byKind: plain.items,
    templates: [],
    onlyGatewayWithResources: undefined,
  }));
}

describe('legacyCapabilities', () => {
  it('offers what items and upstreams allow', () => {
    expect(legacyCapabilities(server(ALL, { isSessionful: true }))).toEqual({
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
    expect(legacyCapabilities(server({}))).toEqual(own);
    expect(legacyCapabilities(server(ALL, { closed: 'disabled', isSessionful: true }))).toEqual(own);
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
  });
});
