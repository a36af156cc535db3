import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ScriptedExchange } from './scripted-upstream.js';

/** A message as an event of a stream. */
export function messageEvent(message: object): string {
  return `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`;
}

/** Begins a stream of events. */
export function beginEvents({ response }: ScriptedExchange): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  return response;
}

/** Writes so many messages as fast as they are read. */
export async function pour(response: ServerResponse, count: number, message: (n: number) => object): Promise<void> {
  const gone = once(response, 'close');
  for (let n = 0; n < count && !response.destroyed;) {
    let text = '';
    for (const end = Math.min(n + 1_000, count); n < end; n += 1) text += messageEvent(message(n));
    if (!response.write(text)) await Promise.race([once(response, 'drain'), gone]);
  }
}
