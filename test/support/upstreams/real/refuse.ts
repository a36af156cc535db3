import type { ScriptedExchange } from '../scripted-upstream.js';
import type { Refusal } from './real-server.js';

/** Sends a refusal as its server does. */
export function refuse({ response, message }: ScriptedExchange, { status, code, data, text }: Refusal): void {
  if (code === undefined) return void response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  const error = { code, message: 'Refused', ...(data && { data }) };
  const body = JSON.stringify({ jsonrpc: '2.0', id: message.id ?? null, error });
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
}
