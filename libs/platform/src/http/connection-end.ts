import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long a client may take to read the last response, and to stop sending. */
const LINGER_MS = 2_000;
/** Bytes that are read and dropped meanwhile. */
const MAX_DROPPED_BYTES = 2 * 1024 * 1024;

/** Connections that read nothing more, with the number of bytes up to which they drop what arrives. */
const ending = new WeakMap<Socket, number>();

/**
 * Whether nothing more is read from this connection. Call it for each piece that arrives after that: it stops a client that
 * sends on and on.
 */
export function dropsMore(socket: Socket): boolean {
  const limit = ending.get(socket);
  if (limit === undefined) return false;
  if (socket.bytesRead > limit) socket.pause();
  return true;
}

/** Begins to drop what a client sends. */
export function stopReading(socket: Socket): void {
  ending.set(socket, socket.bytesRead + MAX_DROPPED_BYTES);
}

/**
 * Calls `write` when all complete requests of a connection have their responses. A request that has not arrived completely
 * will get no response of its own.
 */
export function afterResponses(socket: Socket, write: () => void): void {
  const current = responseOn(socket);
  if (!current?.req.complete) return write();
  // Node's server gives the connection to the next response first.
  current.once('finish', () => afterResponses(socket, write));
}

/** Whether a part of a response without an end was sent: nothing can follow it. */
export function isInterrupted(socket: Socket): boolean {
  return responseOn(socket)?.headersSent === true;
}

/**
 * Sends the last bytes and ends the connection such that the client can read them: a connection that is closed while bytes
 * of the client are unread is reset, and the client loses the response (RFC 9112, section 9.6).
 */
export function endLingering(socket: Socket, last: string): void {
  socket.end(last);
  // If the client ends its side before, the socket closes by itself.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}

/** Connections that end with a response: what was sent behind its request is not served. */
const closing = new WeakSet<Socket>();

/** Whether this connection ends with a response that is already decided: no other one can be sent. */
export function isClosing(socket: Socket): boolean {
  return closing.has(socket);
}

/**
 * Makes node's server end this connection so after the response that is sent now, whose request may not be read to its end.
 * What arrives from then on is dropped: no parser sees it.
 */
export function lingerAtEnd(socket: Socket): void {
  closing.add(socket);
  // Node's server calls it after a response with `Connection: close`.
  socket.destroySoon = () => {
    stopReading(socket);
    socket.removeAllListeners('data').on('data', () => dropsMore(socket));
    socket.resume();
    endLingering(socket, '');
  };
}

/** The response that node's server is writing to this connection. */
function responseOn(socket: Socket): ServerResponse | undefined {
  const response: unknown = Reflect.get(socket, '_httpMessage');
  return response instanceof ServerResponse ? response : undefined;
}
