import type { Era } from '@lethe/contracts';
import { ERAS } from './eras.js';
import type { MethodRule } from './method-table.js';

/** One method or notification of the specification, and what Lethe does with it; null where the era has none of it. */
export interface RoutedMethod {
  readonly method: string;
  readonly from: 'client' | 'upstream';
  readonly routed: Readonly<Record<Era, string | null>>;
}

/** What each way of the method tables means. */
const WAYS: Readonly<Record<MethodRule['by'], string>> = {
  relay: 'sent to the gateway of the named item, with the name that the item has there',
  list: 'answered from the manifest; gateways with `listing: live` get a request with the caller’s credentials',
  initialize: 'answered by Lethe, which opens a session at each gateway whose upstream keeps sessions',
  discover: 'answered by Lethe',
  ping: 'answered by Lethe',
  complete: 'sent to the gateway of the referenced item, with the name that the item has there',
  listen: 'answered by Lethe, which merges the notifications of the gateways into one stream',
  broadcast: 'sent to every gateway in the session',
  'log-level': 'sent to every gateway in the session that declares logging',
  progress: 'sent to the gateway whose request it is about, found by its sealed token',
  accept: 'accepted and ignored',
};

const NO_TASKS = 'not advertised; -32601';
const IGNORED = 'accepted and ignored';

/** What clients may send by the specification and no method table has: not advertised, and answered so. */
const UNSERVED: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    'tasks/get': NO_TASKS,
    'tasks/result': NO_TASKS,
    'tasks/list': NO_TASKS,
    'tasks/cancel': NO_TASKS,
    'notifications/tasks/status': IGNORED,
  },
  modern: {},
};

const REFUSED = 'not offered to upstreams; -32601';
const TO_CLIENT =
  'sent to the client if it declared the capability, with a sealed id; any replica returns the client’s response. Modern clients get it inside an `input_required` result';
const WITH_THE_CALL = 'sent to the client on the stream of its call';
const IN_THE_RESULT =
  'sent to modern clients, inside the `input_required` result of their call; not offered for legacy clients';
const NOTIFICATIONS = 'sent to legacy clients with a GET stream, and to modern clients that subscribed to it';

/** What upstreams may send. */
const FROM_UPSTREAMS: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    ping: 'sent to the client of the session, with a sealed id; answered by Lethe if there is no client',
    'sampling/createMessage': TO_CLIENT,
    'elicitation/create': TO_CLIENT,
    'roots/list': TO_CLIENT,
    'tasks/get': REFUSED,
    'tasks/result': REFUSED,
    'tasks/list': REFUSED,
    'tasks/cancel': REFUSED,
    'notifications/cancelled': 'sent to the client that got the request, with the sealed id',
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': 'sent to the client, on the stream of its call or of its session',
    'notifications/resources/updated': NOTIFICATIONS,
    'notifications/resources/list_changed': NOTIFICATIONS,
    'notifications/tools/list_changed': NOTIFICATIONS,
    'notifications/prompts/list_changed': NOTIFICATIONS,
    'notifications/tasks/status': 'sent to legacy clients, on the same stream',
    'notifications/elicitation/complete': 'sent to legacy clients, on the same stream',
  },
  modern: {
    'sampling/createMessage': IN_THE_RESULT,
    'elicitation/create': IN_THE_RESULT,
    'roots/list': IN_THE_RESULT,
    'notifications/cancelled': WITH_THE_CALL,
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': WITH_THE_CALL,
    'notifications/resources/updated': 'sent to modern clients that subscribed to it',
    'notifications/resources/list_changed': NOTIFICATIONS,
    'notifications/tools/list_changed': NOTIFICATIONS,
    'notifications/prompts/list_changed': NOTIFICATIONS,
    'notifications/subscriptions/acknowledged': 'not forwarded; Lethe sends one for all gateways',
  },
};

/** Every method and notification that Lethe knows of, in both directions and eras, by name. */
export function routedMethods(): RoutedMethod[] {
  return [...rows('client', fromClients), ...rows('upstream', (era) => new Map(Object.entries(FROM_UPSTREAMS[era])))];
}

/** Methods that are served and said not to be: a mistake in one of the two tables. */
export function contradictions(): string[] {
  const eras = Object.values(ERAS);
  return eras.flatMap(({ era, methods }) => Object.keys(UNSERVED[era]).filter((method) => methods.has(method)));
}

function fromClients(era: Era): ReadonlyMap<string, string> {
  const served = [...ERAS[era].methods].map(([method, { by }]) => [method, WAYS[by]] as const);
  return new Map([...Object.entries(UNSERVED[era]), ...served]);
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
