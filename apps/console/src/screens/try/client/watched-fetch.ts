import { isObject } from '@lethe/mcp';
import { type Exchange, Refused } from './trial.js';

/** `fetch` for one proxy, and what its last refusal by HTTP status said. */
export interface WatchedFetch {
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** The refusal since the last time it was taken. */
  takeRefusal: () => Refused | undefined;
}

/**
 * Sends requests with credentials to one origin and to no other: a request to elsewhere, also by a redirect, is not sent. It
 * notes what was asked and how long it took, and of refusals (4xx, 5xx) the JSON-RPC error.
 */
export function watchedFetch(origin: string, onExchange: (exchange: Exchange) => void): WatchedFetch {
  let refusal: Refused | undefined;
  const send = async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    if (new URL(input).origin !== origin) throw new Error('This page calls no other origin');
    const begun = performance.now();
    const note = (status: number | undefined): void =>
      onExchange({ method: methodOf(init), status, durationMs: Math.round(performance.now() - begun) });
    try {
      const response = await fetch(input, {
        ...init,
        redirect: 'error',
        credentials: 'omit',
        cache: 'no-store',
        referrerPolicy: 'no-referrer',
      });
      note(response.status);
      if (!response.ok) refusal = (await refusalOf(response.clone())) ?? refusal;
      return response;
    } catch (error) {
      note(undefined);
      throw error;
    }
  };
  return {
    fetch: send,
    takeRefusal: () => {
      const taken = refusal;
      refusal = undefined;
      return taken;
    },
  };
}

function methodOf({ method = 'GET', body }: RequestInit): string {
  if (typeof body !== 'string') return method;
  const message: unknown = JSON.parse(body);
  if (!isObject(message)) return method;
  return typeof message['method'] === 'string' ? message['method'] : 'response';
}

async function refusalOf(response: Response): Promise<Refused | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isObject(body) ? body['error'] : undefined;
  if (!isObject(error) || typeof error['code'] !== 'number' || typeof error['message'] !== 'string') return undefined;
  const data = isObject(error['data']) ? error['data'] : {};
  return new Refused(error['code'], error['message'], data, response.status);
}
