import type { ItemKind, JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { Gateway, GatewayEra } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/**
 * Requests of upstreams, and the client capability that each of them needs. Tasks are not among them: they are not relayed.
 * https://modelcontextprotocol.io/specification/2025-11-25/client
 */
const SERVER_REQUESTS: ReadonlyMap<string, string> = new Map([
  ['roots/list', 'roots'],
  ['sampling/createMessage', 'sampling'],
  ['elicitation/create', 'elicitation'],
]);
/** Longest client capabilities that are stored completely: they are in the session token, which is sent with every request. */
const MAX_CLIENT_BYTES = 512;
/** https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#capabilities */
const ELICITATION_MODES = ['form', 'url'];
/** Extensions that are relayed unchanged (https://modelcontextprotocol.io/extensions/apps). */
const RELAYED_EXTENSIONS = ['io.modelcontextprotocol/ui'];

/** The client capability that an upstream's request needs; undefined for a request that is never relayed. */
export function neededCapability(method: string): string | undefined {
  return SERVER_REQUESTS.get(method);
}

/** The client capabilities that allow server requests, as the client declared them. */
export function relayedClientCapabilities(declared: JsonObject): JsonObject {
  const names = [...SERVER_REQUESTS.values()].filter((name) => isObject(declared[name]));
  return Object.fromEntries(names.map((name) => [name, declared[name] ?? {}]));
}

/** Client capabilities for an upstream of the other era: changes of roots can't be forwarded to it. */
export function withoutRootChanges(capabilities: JsonObject): JsonObject {
  return capabilities['roots'] === undefined ? capabilities : { ...capabilities, roots: {} };
}

/**
 * As `relayedClientCapabilities`, short enough for a session token: where their details are long, only the modes of
 * elicitation are kept.
 */
export function sessionClientCapabilities(declared: JsonValue | undefined): JsonObject {
  const relayed = isObject(declared) ? relayedClientCapabilities(declared) : {};
  if (JSON.stringify(relayed).length <= MAX_CLIENT_BYTES) return relayed;
  return Object.fromEntries(Object.entries(relayed).map(([name, details]) => [name, modesOf(details)]));
}

function modesOf(details: JsonValue): JsonObject {
  const modes = isObject(details) ? ELICITATION_MODES.filter((mode) => isObject(details[mode])) : [];
  return Object.fromEntries(modes.map((mode) => [mode, {}]));
}

/** What a virtual server offers to a legacy client. */
export function legacyCapabilities(server: VirtualServer): JsonObject {
  const gateways = openGateways(server);
  const served = gateways.map(({ servedIn }) => servedIn.legacy);
  // A log level lasts as long as a session; modern upstreams and those of the HTTP+SSE transport have none.
  const legacy = gateways
    .filter(({ servedIn, transport }) => servedIn.legacy.era === 'legacy' && transport !== 'sse')
    .map(({ servedIn }) => servedIn.legacy);
  return serverCapabilities(server, served, {
    subscribe: legacy.some(supportsSubscriptions),
    logging: legacy.some((each) => declares(each, 'logging')),
  });
}

/** What a virtual server offers to a modern client. */
export function modernCapabilities(server: VirtualServer): JsonObject {
  const served = openGateways(server).map(({ servedIn }) => servedIn.modern);
  const listening = served.filter(canNotify);
  const extensions = RELAYED_EXTENSIONS.flatMap((name) => extensionOf(served, name));
  return {
    ...serverCapabilities(server, served, {
      subscribe: listening.some((each) => declares(each, 'resources', 'subscribe')),
      logging: listening.some((each) => declares(each, 'logging')),
    }),
    ...(extensions.length > 0 && { extensions: Object.fromEntries(extensions) }),
  };
}

/** Only capabilities that items and upstreams support. List changes are announced by the virtual server itself. */
function serverCapabilities(
  server: VirtualServer,
  served: readonly GatewayEra[],
  { subscribe, logging }: { readonly subscribe: boolean; readonly logging: boolean },
): JsonObject {
  const has = (kind: ItemKind): boolean => !server.items[kind].isEmpty;
  const completes = served.some((each) => declares(each, 'completions'));
  return {
    ...(has('tool') && { tools: { listChanged: true } }),
    ...((has('resource') || has('resourceTemplate')) && {
      resources: { listChanged: true, ...(subscribe && { subscribe: true }) },
    }),
    ...(has('prompt') && { prompts: { listChanged: true } }),
    ...(completes && { completions: {} }),
    ...(logging && { logging: {} }),
  };
}

/** Whether an upstream declared a capability, and this member of it when one is named. */
export function declares(
  { capabilities }: Pick<GatewayEra, 'capabilities'>,
  capability: string,
  member?: string,
): boolean {
  const declared = capabilities[capability];
  return isObject(declared) && (member === undefined || declared[member] === true);
}

/** Whether a legacy client can subscribe to resources of this upstream: a subscription lasts as long as its session. */
export function supportsSubscriptions(served: GatewayEra): boolean {
  return served.isSessionful && declares(served, 'resources', 'subscribe');
}

/** Whether an upstream can send notifications outside of a call; a legacy upstream without sessions can't. */
export function canNotify({ era, isSessionful }: GatewayEra): boolean {
  return era === 'modern' || isSessionful;
}

function openGateways({ gateways }: VirtualServer): Gateway[] {
  return gateways.filter(({ closed }) => !closed);
}

/** An extension as the first gateway declares it. */
function extensionOf(served: readonly GatewayEra[], name: string): [string, JsonObject][] {
  for (const { capabilities } of served) {
    const { extensions } = capabilities;
    const declared = isObject(extensions) ? extensions[name] : undefined;
    if (isObject(declared)) return [[name, declared]];
  }
  return [];
}
