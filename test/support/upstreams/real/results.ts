import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { OfferedEra } from './real-server.js';

type Results = OfferedEra['results'];

/** Sends one message as the server does: as JSON, or as the only event of a stream. */
export function sendMessage(
  response: ServerResponse,
  results: Results,
  message: object,
  headers: Record<string, string> = {},
): void {
  if (results === undefined) {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    return void response.end(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }
  openEvents(response, results, headers)(message);
  response.end();
}

/** Opens a stream; what it returns writes one message as an event. */
export function openEvents(
  response: ServerResponse,
  results: Results,
  headers: Record<string, string> = {},
): (message: object) => void {
  const id = (): string => (results === 'events' || results === undefined ? '' : `id: ${randomUUID()}\n`);
  response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
  if (results === 'events ids primer') response.write(`${id()}data: \n\n`);
  return (message) => {
    response.write(`event: message\n${id()}data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
  };
}
