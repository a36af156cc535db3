import type { JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../routes/table/gateway.js';
import { VirtualServer } from '../routes/table/virtual-server.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';
import { legacyCapabilities } from './legacy-capabilities.js';

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
