import type { ScriptedExchange, UpstreamScript } from './scripted-upstream.js';

/** The JSON-RPC error of a transport. Its id is not that of the request; undefined leaves the member out. */
const rpc = (code: number, message: string, id?: string | null): object => ({
  jsonrpc: '2.0',
  error: { code, message },
  id,
});

const json =
  (status: number, body: object, type: Record<string, string> = { 'content-type': 'application/json' }) =>
  ({ response }: ScriptedExchange): void =>
    void response.writeHead(status, type).end(JSON.stringify(body));

const text =
  (status: number, body?: string) =>
  ({ response }: ScriptedExchange): void =>
    void response.writeHead(status, body === undefined ? {} : { 'content-type': 'text/plain' }).end(body);

const INVALID = 'Bad Request: No valid session ID provided';
const NOT_FOUND = 'Session not found';

/** What real servers answer to a request of a session that they do not know: npm package and version unless said otherwise. */
export const UNKNOWN_SESSION_ANSWERS: readonly [server: string, answer: UpstreamScript][] = [
  ['@modelcontextprotocol/server-everything 2026.8.31', json(400, rpc(-32000, INVALID))],
  [
    '@notionhq/notion-mcp-server 2.5.2',
    (exchange) => {
      if (exchange.request.method === 'POST') return json(400, rpc(-32000, INVALID, null))(exchange);
      return text(400, 'Invalid or missing session ID')(exchange);
    },
  ],
  [
    'one transport of @modelcontextprotocol/sdk 1.32.2, started again',
    json(400, rpc(-32000, 'Bad Request: Server not initialized', null)),
  ],
  ['a server with the code of invalid requests', json(400, rpc(-32600, 'session not found', null))],
  [
    'a server that repeats the id of the request',
    ({ replyError }) => replyError(400, { code: -32000, message: INVALID }),
  ],
  ['mcp 1.25.0 of Python', text(400, INVALID)],
  ['mcp 1.26.0 of Python', json(404, rpc(-32600, NOT_FOUND, 'server-error'))],
  ['mcp 2.3.0 of Python', json(404, rpc(-32600, NOT_FOUND, null))],
  ['fastmcp 4.20.16', json(404, rpc(-32001, NOT_FOUND, null))],
  ['mcp-framework 0.2.22', json(404, rpc(-32001, NOT_FOUND, null), {})],
  ['mongodb-mcp-server 3.0.4', json(404, rpc(-32003, 'session not found', null))],
  ['@playwright/mcp 0.0.83', text(404, NOT_FOUND)],
  ['go-sdk 1.8.0 of Go', text(404, 'session not found\n')],
  ['a load balancer', text(404)],
];

/** What servers answer with status 400, or with an error code, when a call is wrong and its session is not. */
export const WRONG_CALL_ANSWERS: readonly [what: string, answer: UpstreamScript][] = [
  ['invalid params', ({ replyError }) => replyError(400, { code: -32602, message: 'Invalid params' })],
  ["an error of the tool's own", ({ replyError }) => replyError(400, { code: -32000, message: 'No such row' })],
  ['a session error without the status', ({ replyError }) => replyError(200, { code: -32001, message: NOT_FOUND })],
  [
    '@modelcontextprotocol/sdk 1.32.2 for a message that it can not read',
    json(400, rpc(-32700, 'Parse error: Invalid JSON-RPC message', null)),
  ],
  ['a text', text(400, 'Bad Request')],
  ['nothing', text(400)],
  ['a failure', text(500)],
];
