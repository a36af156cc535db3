import type { Era } from '@lethe/contracts';
import { ERAS } from '../../apps/proxy/src/protocol/eras.js';
import type { MethodRule } from '../../apps/proxy/src/protocol/method-table.js';

/** One method or notification of the specification, and what Lethe does with it; null where the era does not have it. */
export interface RoutedMethod {
  readonly method: string;
  readonly from: 'client' | 'upstream';
  readonly routed: Readonly<Record<Era, string | null>>;
}

/** Describes each way to handle a method. */
const HANDLING: Readonly<Record<MethodRule['by'], string>> = {
  relay: 'forwarded to the gateway of the named item, with the item’s name there',
  list: 'answered from the manifest; gateways with `listing: live` are queried with the caller’s credentials',
  initialize: 'answered by Lethe, which opens sessions with the upstreams that have them',
  discover: 'answered by Lethe, or refused: see `eras` of the virtual server',
  ping: 'answered by Lethe, which asks every gateway of the session; 404 if one has forgotten the session',
  complete: 'forwarded to the gateway of the referenced item, with the item’s name there',
  listen: 'answered by Lethe, which subscribes to the upstreams for as long as the stream is open',
  broadcast: 'forwarded to every gateway of the session',
  cancel:
    'forwarded to the gateway that carries out the call, on whichever replica, or closes its request to a modern upstream; ignored after the call’s end',
  'log-level': 'forwarded to every gateway of the session that declares logging',
  progress: 'forwarded to the gateway that sent the request, which the sealed token names',
  accept: 'accepted and ignored',
};

const NO_TASKS = 'not declared; error -32601';
const IGNORED = 'accepted and ignored';

/** What clients may send by the specification, but Lethe does not support. */
const UNSUPPORTED: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    'tasks/get': NO_TASKS,
    'tasks/result': NO_TASKS,
    'tasks/list': NO_TASKS,
    'tasks/cancel': NO_TASKS,
    'notifications/tasks/status': IGNORED,
  },
  modern: {},
};

const REJECTED = 'not declared to upstreams; error -32601';
const TO_CLIENT =
  'forwarded to a client that declared the capability, with a sealed id; the client may post its response to any replica. Modern clients get it in an `input_required` result';
const WITH_THE_CALL = 'forwarded to the client, on the stream of its call';
const PROGRESS = 'forwarded to the client, on the stream of the call that has the progress token';
const LEFT_OUT = 'not forwarded';
const IN_THE_RESULT =
  'forwarded to modern clients, in the `input_required` result of their call; legacy clients that declared the capability get it as a request, on the stream of the call';
const TO_SUBSCRIBERS =
  'forwarded to legacy clients with an open session stream, and to modern clients that subscribed to it; many at once are joined';
const UPDATED =
  'forwarded to legacy clients, and to modern clients that subscribed to it, if the gateway has the resource';

/** What upstreams may send. */
const FROM_UPSTREAMS: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    ping: 'forwarded to the client of the session, with a sealed id; answered by Lethe if there is none',
    'sampling/createMessage': TO_CLIENT,
    'elicitation/create': TO_CLIENT,
    'roots/list': TO_CLIENT,
    'tasks/get': REJECTED,
    'tasks/result': REJECTED,
    'tasks/list': REJECTED,
    'tasks/cancel': REJECTED,
    'notifications/cancelled': 'forwarded to the client that got the request on this stream, with the sealed id',
    'notifications/progress': `${PROGRESS}, or on that of the session (see the security model)`,
    'notifications/message':
      'forwarded to the client, on the stream of its call or of its session, under the name of the gateway',
    'notifications/resources/updated': UPDATED,
    'notifications/resources/list_changed': TO_SUBSCRIBERS,
    'notifications/tools/list_changed': TO_SUBSCRIBERS,
    'notifications/prompts/list_changed': TO_SUBSCRIBERS,
    'notifications/tasks/status': LEFT_OUT,
    'notifications/elicitation/complete':
      'forwarded to legacy clients, on the stream of the same call or session, with the id of this gateway’s elicitation',
  },
  modern: {
    'sampling/createMessage': IN_THE_RESULT,
    'elicitation/create': IN_THE_RESULT,
    'roots/list': IN_THE_RESULT,
    'notifications/cancelled': LEFT_OUT,
    'notifications/progress': PROGRESS,
    'notifications/message': `${WITH_THE_CALL} that has a log level, under the name of the gateway`,
    'notifications/resources/updated': 'forwarded to modern clients that subscribed to it',
    'notifications/resources/list_changed': TO_SUBSCRIBERS,
    'notifications/tools/list_changed': TO_SUBSCRIBERS,
    'notifications/prompts/list_changed': TO_SUBSCRIBERS,
    'notifications/subscriptions/acknowledged': 'not forwarded; the client gets one acknowledgement for all gateways',
  },
};

/** Every method and notification in both directions and eras, requests first, then by name. */
export function routedMethods(): RoutedMethod[] {
  return [...rows('client', fromClients), ...rows('upstream', (era) => new Map(Object.entries(FROM_UPSTREAMS[era])))];
}

/** Methods that are listed both as supported and as unsupported: a mistake in one of the two tables. */
export function contradictions(): string[] {
  const eras = Object.values(ERAS);
  return eras.flatMap(({ era, methods }) => Object.keys(UNSUPPORTED[era]).filter((method) => methods.has(method)));
}

function fromClients(era: Era): ReadonlyMap<string, string> {
  const supported = [...ERAS[era].methods].map(([method, { by }]) => [method, HANDLING[by]] as const);
  return new Map([...Object.entries(UNSUPPORTED[era]), ...supported]);
}

function rows(from: RoutedMethod['from'], routes: (era: Era) => ReadonlyMap<string, string>): RoutedMethod[] {
  const [legacy, modern] = [routes('legacy'), routes('modern')];
  const names = [...new Set([...legacy.keys(), ...modern.keys()])].sort(byKindThenName);
  return names.map((method) => ({
    method,
    from,
    routed: { legacy: legacy.get(method) ?? null, modern: modern.get(method) ?? null },
  }));
}

/** Requests first. */
function byKindThenName(a: string, b: string): number {
  const kinds = Number(isNotification(a)) - Number(isNotification(b));
  return kinds !== 0 ? kinds : a < b ? -1 : 1;
}

function isNotification(method: string): boolean {
  return method.startsWith('notifications/');
}
