import type { ConditionalCapability, JsonObject } from '@lethe/contracts';
import { METHOD_NOT_FOUND } from './raw-result.js';

/** The client capabilities that a visit declares. */
export interface ClientCapabilities {
  roots?: NoDetails;
  sampling?: NoDetails;
  elicitation?: { form?: NoDetails; url?: NoDetails };
}

type NoDetails = Record<string, never>;

/** What most servers are verified with. */
export const NO_CAPABILITIES: ClientCapabilities = {};

/** Everything on which an upstream's lists may depend. */
export const ALL_CAPABILITIES: ClientCapabilities = { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } };

/** Each of them alone. */
export const ONE_CAPABILITY: Readonly<Record<ConditionalCapability, ClientCapabilities>> = {
  roots: { roots: {} },
  sampling: { sampling: {} },
  elicitation: { elicitation: { form: {} } },
  'elicitation.url': { elicitation: { url: {} } },
};

const NO_ROOTS: JsonObject = { roots: [] };
const DECLINED: JsonObject = { action: 'decline' };
const NOTHING: JsonObject = {};
/** Nobody is asked during a handshake: there are no roots, and every elicitation is declined. */
const RESULTS = new Map([
  ['ping', NOTHING],
  ['roots/list', NO_ROOTS],
  ['elicitation/create', DECLINED],
]);

/** The outcome of a request of the server; an error for everything that needs a client, such as sampling. */
export function decline(method: string): JsonObject {
  const result = RESULTS.get(method);
  if (result) return { result };
  return { error: { code: METHOD_NOT_FOUND, message: 'Not available during a verification' } };
}
