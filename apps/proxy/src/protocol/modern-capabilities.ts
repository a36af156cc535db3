import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { declares } from './legacy-capabilities.js';

/** Extensions that pass untouched (https://modelcontextprotocol.io/extensions/apps). */
const RELAYED_EXTENSIONS = ['io.modelcontextprotocol/ui'];

/**
 * What a virtual server offers to a modern client: what its items and its upstreams allow, and no more. Changes of lists
 * are always told, those of the virtual server itself at the least.
 */
export function modernCapabilities({ items, gateways }: VirtualServer): JsonObject {
  const has = (kind: ItemKind): boolean => !items[kind].isEmpty;
  const open = gateways.filter(({ closed }) => !closed);
  const resourcesCanChange = open.some((gateway) => canSubscribe(gateway) && offers(gateway, 'resources', 'subscribe'));
  const extensions = RELAYED_EXTENSIONS.flatMap((name) => extensionOf(open, name));
  return {
    ...(has('tool') && { tools: { listChanged: true } }),
    ...((has('resource') || has('resourceTemplate')) && {
      resources: { listChanged: true, ...(resourcesCanChange && { subscribe: true }) },
    }),
    ...(has('prompt') && { prompts: { listChanged: true } }),
    ...(open.some((gateway) => declares(gateway, 'completions')) && { completions: {} }),
    ...(open.some((gateway) => canSubscribe(gateway) && declares(gateway, 'logging')) && { logging: {} }),
    ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions) }),
  };
}

/** A legacy upstream without sessions has nowhere to say anything of its own accord. */
export function canSubscribe({ era, isSessionful }: Gateway): boolean {
  return era === 'modern' || isSessionful;
}

function offers({ capabilities }: Gateway, capability: string, member: string): boolean {
  const found = capabilities[capability];
  return isObject(found) && found[member] === true;
}

/** As the first gateway declares it. */
function extensionOf(gateways: readonly Gateway[], name: string): [string, JsonObject][] {
  const declared = gateways.flatMap(({ capabilities: { extensions } }) =>
    isObject(extensions) ? [extensions[name]] : [],
  );
  return declared
    .filter(isObject)
    .slice(0, 1)
    .map((extension) => [name, extension]);
}
