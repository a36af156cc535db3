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
  relay: 'to the gateway that owns the named item, under its own name',
  list: 'answered from the manifest; gateways with `listing: live` are asked with the caller’s credentials',
  initialize: 'answered here; gateways whose upstreams keep sessions are visited',
  discover: 'answered here',
  ping: 'answered here',
  complete: 'to the gateway that owns what is referred to, under its own name',
  listen: 'answered here; upstreams are listened to for as long, each for its part',
  broadcast: 'to every gateway in the session',
  'log-level': 'to every gateway in the session that declares logging',
  progress: 'to the gateway that asked, by its sealed token',
  accept: 'taken and dropped',
};

const NO_TASKS = 'not advertised; -32601';
const IGNORED = 'taken and dropped';

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
  'to the client that declared it, under a sealed id; its answer, posted to any replica, goes back. Modern clients get it inside an `input_required` result';
const WITH_THE_CALL = 'to the client that called, on the stream of its call';
const IN_THE_RESULT =
  'to modern clients, inside the `input_required` result of their call; not offered for legacy ones';
const NEWS = 'to clients with a stream of their session, and to modern ones that listen for it';

/** What upstreams may send. */
const FROM_UPSTREAMS: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    ping: 'to the client of the session, under a sealed id; answered here where there is none',
    'sampling/createMessage': TO_CLIENT,
    'elicitation/create': TO_CLIENT,
    'roots/list': TO_CLIENT,
    'tasks/get': REFUSED,
    'tasks/result': REFUSED,
    'tasks/list': REFUSED,
    'tasks/cancel': REFUSED,
    'notifications/cancelled': 'to the client that was asked, under the sealed id',
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': 'to the client, on the stream of its call or of its session',
    'notifications/resources/updated': NEWS,
    'notifications/resources/list_changed': NEWS,
    'notifications/tools/list_changed': NEWS,
    'notifications/prompts/list_changed': NEWS,
    'notifications/tasks/status': 'to legacy clients, on the stream that it came on',
    'notifications/elicitation/complete': 'to legacy clients, on the stream that it came on',
  },
  modern: {
    'sampling/createMessage': IN_THE_RESULT,
    'elicitation/create': IN_THE_RESULT,
    'roots/list': IN_THE_RESULT,
    'notifications/cancelled': WITH_THE_CALL,
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': WITH_THE_CALL,
    'notifications/resources/updated': 'to modern clients that listen for it',
    'notifications/resources/list_changed': NEWS,
    'notifications/tools/list_changed': NEWS,
    'notifications/prompts/list_changed': NEWS,
    'notifications/subscriptions/acknowledged': 'kept here; the client gets one of all',
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
