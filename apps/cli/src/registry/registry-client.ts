import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { z } from 'zod';
import { CliError } from '../errors/cli.error.js';
import { download, exchange, type Incoming, open } from './exchange.js';
import { pageResponse } from './responses.js';
import { toRegistryError } from './registry-error.js';

/** Longer than the longest wait that a request allows. */
const TIMEOUT_MS = 40_000;
const MAX_PAGES = 100;

/** Where the registry is, and the token for it. */
export interface RegistryAddress {
  /** Origin and base path, without a trailing slash. */
  url: string;
  token: string;
}

/** What a request sends besides method and path. */
export interface RequestOptions {
  body?: object;
  /** A sealed credential, sent as `application/jose`. */
  sealed?: string;
  /** A document in YAML or JSON, sent as `application/yaml`. */
  document?: string;
  /** Another media type than JSON that is asked for. */
  accept?: string;
  /** How long a response may take; 40 s unless given. */
  timeoutMs?: number;
  /** How long the registry may delay its response, in seconds (RFC 7240, `Prefer: wait`). */
  waitSeconds?: number;
  /** Called if the change was made, but not all proxies served it in time; with the hosts of those, if they are known. */
  onLate?: (hosts: string | undefined) => void;
  /** The entity tag that the resource must still have. */
  ifMatch?: string;
  /** Ends the request early. */
  signal?: AbortSignal;
}

/** Client of the registry's REST API. */
export class RegistryClient {
  constructor(readonly address: RegistryAddress) {}

  /**
   * Sends a request and validates the response.
   * @throws CliError with the code of the registry's error
   */
  async request<T extends z.ZodType>(
    schema: T,
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<z.infer<T>> {
    return checked(schema, await this.send(method, path, options));
  }

  /** Reads a resource with its entity tag, for a change that must not overwrite that of somebody else. */
  async read<T extends z.ZodType>(schema: T, path: string): Promise<{ value: z.infer<T>; etag: string | undefined }> {
    const { text: body, etag } = await this.accepted('GET', path, {});
    return { value: checked(schema, parsed(body)), etag };
  }

  /** All items of a list that pass the filters, page by page. */
  async list<T extends z.ZodType>(
    item: T,
    path: string,
    filters: Record<string, string | undefined> = {},
  ): Promise<z.infer<T>[]> {
    const items: z.infer<T>[] = [];
    let cursor: string | null | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const response = await this.request(pageResponse, 'GET', withQuery(path, { ...filters, cursor }));
      items.push(...response.items.map((value) => item.parse(value)));
      cursor = response.nextCursor;
      if (!cursor) return items;
    }
    return items;
  }

  /** Sends a request and returns the response unchecked; undefined when it is empty. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const { text: body, hasWaited, notApplied } = await this.accepted(method, path, options);
    if (!hasWaited) options.onLate?.(notApplied);
    return body === '' ? undefined : parsed(body);
  }

  /** Sends a request and returns the body of the response while it arrives, unchecked. */
  async stream(path: string): Promise<Readable> {
    const { url, token } = this.address;
    const headers = { accept: 'application/x-ndjson, application/problem+json', authorization: `Bearer ${token}` };
    const outgoing = { method: 'GET', headers, body: undefined, timeoutMs: TIMEOUT_MS };
    const response = await download(`${url}/v1${path}`, outgoing).catch(() => {
      throw unreachable(url);
    });
    return requireOk(response);
  }

  /** Opens a stream of server-sent events. @throws CliError with the code of the registry's error */
  async events(
    path: string,
    { lastEventId, signal }: { lastEventId: string | undefined; signal: AbortSignal },
  ): Promise<IncomingMessage> {
    const { url, token } = this.address;
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const response = await open(`${url}/v1${path}`, { method: 'GET', headers, body: undefined, signal }).catch(() => {
      throw unreachable(url);
    });
    return requireOk(response);
  }

  /** Reads a text, such as a document. */
  async text(path: string, options: RequestOptions): Promise<string> {
    return (await this.accepted('GET', path, options)).text;
  }

  private async accepted(method: string, path: string, options: RequestOptions): Promise<Incoming> {
    const incoming = await this.exchange(method, path, options);
    const { status, text: body } = incoming;
    if (status >= 300 && status < 400) throw redirected();
    if (status < 200 || status > 299) throw toRegistryError(status, body);
    return incoming;
  }

  private async exchange(method: string, path: string, options: RequestOptions): Promise<Incoming> {
    const { url, token } = this.address;
    const body = options.sealed ?? options.document ?? (options.body && JSON.stringify(options.body));
    const headers = { ...headersOf(options), authorization: `Bearer ${token}` };
    try {
      return await exchange(`${url}/v1${path}`, {
        method,
        headers,
        body,
        timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
        signal: options.signal,
      });
    } catch {
      // Such an error may quote headers, so it is not shown.
      throw unreachable(url);
    }
  }
}

function withQuery(path: string, members: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) if (value) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

function headersOf(options: RequestOptions): Record<string, string> {
  const { waitSeconds, ifMatch, accept = 'application/json' } = options;
  const type = bodyTypeOf(options);
  return {
    accept: `${accept}, application/problem+json`,
    ...(waitSeconds !== undefined && { prefer: `wait=${waitSeconds}` }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(type !== undefined && { 'content-type': type }),
  };
}

function bodyTypeOf({ body, sealed, document }: RequestOptions): string | undefined {
  if (sealed) return 'application/jose';
  if (document !== undefined) return 'application/yaml';
  return body && 'application/json';
}

function checked<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => issue.path.join('.'));
  throw new CliError('unexpected', 'answer_unknown', 'The registry sent an unexpected response', fields);
}

function unreachable(url: string): CliError {
  return new CliError('unreachable', 'registry_unreachable', `The registry does not answer at ${url}`);
}

async function requireOk(response: IncomingMessage): Promise<IncomingMessage> {
  const { statusCode = 0 } = response;
  if (statusCode >= 300 && statusCode < 400) throw redirected();
  if (statusCode !== 200) throw toRegistryError(statusCode, await text(response));
  return response;
}

function redirected(): CliError {
  return new CliError(
    'refused',
    'registry_redirects',
    'The registry redirects to another URL, which was not followed',
    ['Only a URL that you give gets the token: set --url or LETHE_URL to the other one if you trust it.'],
  );
}

function parsed(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return value;
  } catch {
    throw new CliError('unexpected', 'answer_unknown', 'The registry sent a response that is not JSON');
  }
}
