import { envelope, postRequest } from '../proxy/rpc.js';

/** How one endpoint answers requests by hand, each answer in a few words: `404 -32001`, `200 text/event-stream`. */
export interface Probe {
  discover: string;
  initialize: string;
  /** A list in a session, without its id, and with the id of no session. */
  inSession: string;
  withoutId: string;
  unknownId: string;
  /** Without a session id. */
  get: string;
  delete: string;
}

const LIST = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
const LEGACY = { 'mcp-protocol-version': '2025-11-25' };
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'probe', version: '1' } },
};
const DISCOVER = { jsonrpc: '2.0', id: 1, method: 'server/discover', params: { _meta: envelope() } };
const MODERN = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'server/discover' };
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
/** A stream without an event is not waited for longer. */
const LIMIT_MS = 3_000;

/** Asks an endpoint everything that {@link Probe} has. */
export async function probe(url: string, headers: Record<string, string> = {}): Promise<Probe> {
  const ask = (init: RequestInit) =>
    answerOf(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), ...headers } });
  const post = (body: object, more: Record<string, string> = {}) => ask(postRequest(body, more));
  const discover = await post(DISCOVER, MODERN);
  const initialize = await post(INITIALIZE);
  const session: Record<string, string> = initialize.session === null ? {} : { 'mcp-session-id': initialize.session };
  await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { ...LEGACY, ...session });
  const list = (more: Record<string, string>) => post(LIST, { ...LEGACY, ...more });
  const get = { accept: 'text/event-stream', ...LEGACY };
  return {
    discover: discover.said,
    initialize: initialize.said + (initialize.session === null ? '' : ', session'),
    inSession: (await list(session)).said,
    withoutId: (await list({})).said,
    unknownId: (await list({ 'mcp-session-id': UNKNOWN_ID })).said,
    get: (await ask({ method: 'GET', headers: get })).said,
    delete: (await ask({ method: 'DELETE', headers: LEGACY })).said,
  };
}

async function answerOf(url: string, init: RequestInit): Promise<{ said: string; session: string | null }> {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), LIMIT_MS);
  try {
    const response = await fetch(url, { ...init, signal: stop.signal });
    const session = response.headers.get('mcp-session-id');
    if (init.method === 'GET' && response.status === 200) return { said: '200 stream', session };
    return { said: `${response.status} ${inWords(response, await textOf(response))}`.trim(), session };
  } catch {
    return { said: 'no answer', session: null };
  } finally {
    clearTimeout(late);
    stop.abort();
  }
}

/** The body of a stream ends with the response; a stream that stays open is read as far as it came. */
async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of response.body ?? []) {
      text += decoder.decode(piece, { stream: true });
      if (/^data: .*"jsonrpc"/m.test(text)) break;
    }
  } catch {
    // Cut by the time limit: what came counts.
  }
  return text;
}

/** A code of JSON-RPC; `json` or `events` for a result, with what its events have; otherwise what kind of body it is. */
function inWords(response: Response, text: string): string {
  const isStream = (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
  const json = isStream ? ([...text.matchAll(/^data: ?(.+)$/gm)].at(-1)?.[1] ?? '') : text;
  const code = /"error":\{[^}]*?"code":(-?\d+)/.exec(json)?.[1];
  if (code !== undefined) return code;
  if (isLegacyDiscovery(json)) return 'names legacy versions alone';
  if (isStream)
    return ['events', /^id:/m.test(text) && 'ids', /^data: *$/m.test(text) && 'primer'].filter(Boolean).join(' ');
  if (text === '') return '';
  if (/^\s*\{.*"result"/s.test(text)) return 'json';
  return /^\s*</.test(text) ? 'html' : 'text';
}

/** A result of `server/discover` that does not name the modern version. */
function isLegacyDiscovery(json: string): boolean {
  return json.includes('"supportedVersions"') && !json.includes('2026-07-28');
}
