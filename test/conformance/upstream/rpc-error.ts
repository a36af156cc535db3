import type { ServerResponse } from 'node:http';

/** A JSON-RPC error of the endpoint itself, which belongs to no request. */
export function answerError(response: ServerResponse, status: number, error: { code: number; message: string }): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id: null, error }));
}
