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
  cancel: 'to every gateway in the session',
  accept: 'taken and dropped',
};

const NO_TASKS = 'not advertised; -32601';
const IGNORED = 'taken and dropped';

/** What clients may send by the specification and no method table has: not advertised, and answered so. */
const UNSERVED: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    'completion/complete': 'not advertised; -32601',
    'logging/setLevel': 'not advertised; -32601',
    'resources/subscribe': 'not advertised; -32601',
    'resources/unsubscribe': 'not advertised; -32601',
    'tasks/get': NO_TASKS,
    'tasks/result': NO_TASKS,
    'tasks/list': NO_TASKS,
    'tasks/cancel': NO_TASKS,
    'notifications/progress': IGNORED,
    'notifications/roots/list_changed': IGNORED,
    'notifications/tasks/status': IGNORED,
  },
  modern: {
    'completion/complete': 'not advertised; -32601',
    'subscriptions/listen': 'not advertised; -32601',
  },
};

const ASKED_OF_CLIENT = 'not offered to upstreams; -32601';
const WITH_THE_CALL = 'to the client that called, on the stream of its call';

/** What upstreams may send. */
const FROM_UPSTREAMS: Readonly<Record<Era, Readonly<Record<string, string>>>> = {
  legacy: {
    ping: ASKED_OF_CLIENT,
    'sampling/createMessage': ASKED_OF_CLIENT,
    'elicitation/create': ASKED_OF_CLIENT,
    'roots/list': ASKED_OF_CLIENT,
    'tasks/get': ASKED_OF_CLIENT,
    'tasks/result': ASKED_OF_CLIENT,
    'tasks/list': ASKED_OF_CLIENT,
    'tasks/cancel': ASKED_OF_CLIENT,
    'notifications/cancelled': WITH_THE_CALL,
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': WITH_THE_CALL,
    'notifications/resources/updated': WITH_THE_CALL,
    'notifications/resources/list_changed': WITH_THE_CALL,
    'notifications/tools/list_changed': WITH_THE_CALL,
    'notifications/prompts/list_changed': WITH_THE_CALL,
    'notifications/tasks/status': WITH_THE_CALL,
    'notifications/elicitation/complete': WITH_THE_CALL,
  },
  modern: {
    'sampling/createMessage': 'to the client, inside the `input_required` result of its call',
    'elicitation/create': 'to the client, inside the `input_required` result of its call',
    'roots/list': 'to the client, inside the `input_required` result of its call',
    'notifications/cancelled': WITH_THE_CALL,
    'notifications/progress': WITH_THE_CALL,
    'notifications/message': WITH_THE_CALL,
    'notifications/resources/updated': WITH_THE_CALL,
    'notifications/resources/list_changed': WITH_THE_CALL,
    'notifications/tools/list_changed': WITH_THE_CALL,
    'notifications/prompts/list_changed': WITH_THE_CALL,
    'notifications/subscriptions/acknowledged': WITH_THE_CALL,
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
