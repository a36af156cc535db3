import createClient, { type Middleware } from 'openapi-fetch';
import { authorization, noteRefused } from './bearer.js';
import { noteAnswer, noteSilence } from './connection.js';
import { Problem, Unreachable } from './problem.js';
import type { paths } from './schema.js';

const signed: Middleware = {
  onRequest({ request }) {
    const bearer = authorization();
    if (bearer !== undefined) request.headers.set('authorization', bearer);
    return request;
  },
  async onResponse({ request, response }) {
    noteAnswer();
    if (response.ok) return undefined;
    if (response.status === 401) noteRefused(request.headers.get('authorization'));
    throw await Problem.of(response);
  },
  onError({ error, request }) {
    if (request.signal.aborted) return undefined;
    noteSilence();
    return new Unreachable('The registry does not answer', { cause: error });
  },
};

/** The admin API, typed by its OpenAPI document. Every refused request throws `Problem`, an unanswered one `Unreachable`. */
export const api = createClient<paths>({ credentials: 'omit', cache: 'no-store' });
api.use(signed);

/** What was read, with the `ETag` by which a change of it is conditional (RFC 9110, section 13.1.1). */
export interface Versioned<T> {
  value: T;
  etag: string | undefined;
}

/** An answer's body with its `ETag`. */
export function versioned<T>({ data, response }: { data?: T; response: Response }): Versioned<T> {
  return { value: body({ data }), etag: response.headers.get('etag') ?? undefined };
}

/** An answer's body. The middleware has thrown for everything else, so it is there. */
export function body<T>({ data }: { data?: T }): T {
  if (data === undefined) throw new Unreachable('The answer has no body');
  return data;
}

/** The header of a change that is refused (412) when somebody else has changed the resource since it was read. */
export function ifMatch(etag: string | undefined): { 'If-Match'?: string } {
  return etag === undefined ? {} : { 'If-Match': etag };
}
