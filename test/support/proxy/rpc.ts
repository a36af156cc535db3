const ENVELOPE = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
};

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

/** Parameters of which some are mirrored in headers. */
export interface NamedParams {
  name?: string;
  uri?: string;
  [member: string]: unknown;
}

/** One modern request by hand; its mirrored headers are right unless given otherwise. */
export function modern(url: string, method: string, params: NamedParams = {}, headers = {}) {
  const named = params.name ?? params.uri;
  return post(
    url,
    { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: ENVELOPE } },
    {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(named !== undefined && { 'mcp-name': named }),
      ...headers,
    },
  );
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
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
