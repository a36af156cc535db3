import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/**
 * What a virtual server offers to a legacy client: what its items and its upstreams allow, and no more. Lists change with
 * the virtual server itself, which its own streams tell.
 */
export function legacyCapabilities({ items, gateways }: VirtualServer): JsonObject {
  const has = (kind: ItemKind): boolean => !items[kind].isEmpty;
  const open = gateways.filter(({ closed }) => !closed);
  // A log level lasts as long as a session; modern upstreams and those of the HTTP+SSE transport have none.
  const legacy = open.filter(({ era, transport }) => era === 'legacy' && transport !== 'sse');
  const canSubscribe = legacy.some(supportsSubscriptions);
  return {
    ...(has('tool') && { tools: { listChanged: true } }),
    ...((has('resource') || has('resourceTemplate')) && {
      resources: { listChanged: true, ...(canSubscribe && { subscribe: true }) },
    }),
    ...(has('prompt') && { prompts: { listChanged: true } }),
    ...(open.some((gateway) => declares(gateway, 'completions')) && { completions: {} }),
    ...(legacy.some((gateway) => declares(gateway, 'logging')) && { logging: {} }),
  };
}

export function declares({ capabilities }: Gateway, capability: string): boolean {
  return isObject(capabilities[capability]);
}

/** A subscription lasts as long as its session. */
export function supportsSubscriptions({ isSessionful, capabilities }: Gateway): boolean {
  const { resources } = capabilities;
  return isSessionful && isObject(resources) && resources['subscribe'] === true;
}
