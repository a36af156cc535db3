/** What the tests look at in a JSON-RPC answer; what is not there is undefined whatever the type says. */
export interface Body {
  id: unknown;
  error: { code: number; message: string; data: Record<string, unknown> };
  result: {
    tools: { name: string }[];
    nextCursor: string;
    content: { text: string }[];
    contents: { uri: string }[];
    instructions: string;
    session: unknown;
    mark: unknown;
    credential: unknown;
  };
}

export interface Answer {
  status: number;
  headers: Headers;
  /** The JSON body, or the last event of a stream. */
  body: Body;
  text: string;
}

/** One legacy request by hand. */
export function legacy(url: string, method: string, params: object = {}, headers: Record<string, string> = {}, id = 1) {
  return post(url, { jsonrpc: '2.0', id, method, params }, { 'mcp-protocol-version': '2025-11-25', ...headers });
}

/** Initializes by hand; the headers that continue the session. */
export async function begin(url: string, headers: Record<string, string> = {}, capabilities: object = {}) {
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } };
  const answer = await legacy(url, 'initialize', params, headers);
  return { ...headers, 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '' };
}

/** Parameters of which some are mirrored in headers. */
export interface NamedParams {
  name?: string;
  uri?: string;
  /** Added to the envelope. */
  _meta?: object;
  [member: string]: unknown;
}

/** The members of `_meta` that every modern request has. */
export function envelope(capabilities: object = {}, protocolVersion = '2026-07-28') {
  return {
    'io.modelcontextprotocol/protocolVersion': protocolVersion,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  };
}

/** One modern request by hand; its mirrored headers are right unless given otherwise. */
export function modern(url: string, method: string, params: NamedParams = {}, headers: object = {}) {
  return answerTo(url, modernRequest(method, params, headers));
}

/** The same request for `fetch`. */
export function modernRequest(
  method: string,
  params: NamedParams = {},
  headers: object = {},
  id: string | number = 1,
): RequestInit {
  const named = params.name ?? params.uri;
  const body = { jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...envelope(), ...params._meta } } };
  return postRequest(body, {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(named !== undefined && { 'mcp-name': named }),
    ...headers,
  });
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return answerTo(url, postRequest(body, headers));
}

/** A POST as MCP clients send it, for `fetch`; a text is sent as it is. */
export function postRequest(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

async function answerTo(url: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(url, request);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: bodyOf(text), text };
}

function bodyOf(text: string): Body {
  const events = [...text.matchAll(/^data: (.*)$/gm)];
  const json = events.at(-1)?.[1] ?? text;
  try {
    return JSON.parse(json) as Body;
  } catch {
    return {} as Body;
  }
}
