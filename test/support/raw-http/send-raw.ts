import { connect } from 'node:net';
import { once } from 'node:events';
import type { Sent } from './mutations.js';
import { type RawResponse, readResponses } from './response-reader.js';
import { readStrictly, type StrictReading } from './strict-requests.js';

/** One connection: what was sent, how RFC 9112 reads it, and what came back. */
export interface Exchange {
  sent: Sent;
  reading: StrictReading;
  responses: RawResponse[];
  /** The server did not wait for this client to end its side. */
  isEndedByServer: boolean;
  /** Neither all responses nor an end came in time. */
  isStuck: boolean;
}

/** Far more than a response takes; a server that waits for more bytes is never waited for. */
const PATIENCE_MS = 15_000;

/** Sends the pieces one by one, waits for a response to every complete request or for the end, and ends its side. */
export async function sendRaw(origin: string, sent: Sent): Promise<Exchange> {
  const { hostname, port } = new URL(origin);
  const reading = readStrictly(sent.bytes);
  const isHead = (n: number): boolean => reading.requests[n]?.method === 'HEAD';
  const socket = connect({ port: Number(port), host: hostname, noDelay: true, allowHalfOpen: true });
  let received = '';
  let isEndedByServer = false;
  const finished = Promise.withResolvers<boolean>();
  const look = (): void => {
    let responses: RawResponse[];
    try {
      responses = readResponses(received, isHead);
    } catch {
      return finished.resolve(false);
    }
    const last = responses.at(-1);
    const isWhole = last === undefined || last.isComplete || /^content-type: text\/event-stream/im.test(last.head);
    const expected = reading.requests.length + (reading.end === 'bad' ? 1 : 0);
    if (isWhole && responses.length >= expected) finished.resolve(true);
  };
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    look();
  });
  socket.on('end', () => {
    isEndedByServer = true;
    finished.resolve(true);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => finished.resolve(true));
  await once(socket, 'connect');
  for (const piece of sent.pieces) {
    if (socket.writable) socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  look();
  const timer = setTimeout(() => finished.resolve(false), PATIENCE_MS);
  const isDone = await finished.promise;
  clearTimeout(timer);
  if (!isEndedByServer && socket.writable) {
    socket.end();
    await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }
  socket.destroy();
  return { sent, reading, responses: readResponses(received, isHead), isEndedByServer, isStuck: !isDone };
}
