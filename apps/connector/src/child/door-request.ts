import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { DoorProblem } from '../processes/door-response.js';

/** A request that the door rejects. */
export class DoorRequestRejected extends Error {
  override readonly name = 'DoorRefusal';

  constructor(readonly problem: DoorProblem) {
    super(problem);
  }
}

/** How long the door waits for the first byte, and from then on for the whole request. */
export interface DoorTimeouts {
  firstByteMs: number;
  requestMs: number;
}

/** A request that passed all checks. */
export interface DoorRequest {
  slot: string;
  body: Buffer;
}

const MAX_HEAD_BYTES = 8 * 1024;
const MAX_BODY_BYTES = 16 * 1024;

/**
 * Reads the only request that a connection may have. Node's HTTP parser reads the bytes; the door's stricter rules are
 * checked here.
 * @throws DoorRequestRejected
 */
export function readDoorRequest(
  socket: Socket,
  hosts: readonly string[],
  { firstByteMs, requestMs }: DoorTimeouts,
): Promise<DoorRequest> {
  // Node's own timeouts need a server that listens.
  let timeout: NodeJS.Timeout | undefined;
  return new Promise<DoorRequest>((resolve, reject) => {
    const refuse = (problem: DoorProblem): void => reject(new DoorRequestRejected(problem));
    timeout = setTimeout(refuse, firstByteMs, 'request_timeout');
    let isFirst = true;
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      const problem = isFirst ? requestProblem(request, hosts) : 'bad_request';
      isFirst = false;
      if (problem !== undefined) {
        // Unread bytes would reset the connection and take the response with them.
        request.resume();
        return refuse(problem);
      }
      // The client waits for this before it sends the body (RFC 9110, section 10.1.1).
      if (request.headers.expect?.toLowerCase() === '100-continue') response.writeContinue();
      // Bytes after the body are parsed as another request in the same turn, and rejected before the body has ended.
      readBody(request).then(
        (body) => resolve({ slot: slotOf(request) ?? '', body }),
        () => refuse('bad_request'),
      );
    };
    const server = createServer({ maxHeaderSize: MAX_HEAD_BYTES, requireHostHeader: false });
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, onRequest);
    server.on('clientError', () => refuse('bad_request'));
    server.emit('connection', socket);
    socket.once('data', () => {
      clearTimeout(timeout);
      timeout = setTimeout(refuse, requestMs, 'request_timeout');
    });
    socket.once('close', () => refuse('bad_request'));
  }).finally(() => clearTimeout(timeout));
}

function requestProblem(request: IncomingMessage, hosts: readonly string[]): DoorProblem | undefined {
  const headers = uniqueHeaders(request.rawHeaders);
  if (headers === undefined || request.httpVersion !== '1.1') return 'bad_request';
  if (!hosts.includes(headers.get('host')?.toLowerCase() ?? '')) return 'host_forbidden';
  if (headers.has('origin')) return 'origin_forbidden';
  if (request.method !== 'PUT' || slotOf(request) === undefined) return 'method_not_allowed';
  return bodyProblem(headers);
}

/** The parser has checked that Content-Length is a number. */
function bodyProblem(headers: ReadonlyMap<string, string>): DoorProblem | undefined {
  if (headers.has('transfer-encoding') || headers.has('content-encoding')) return 'bad_request';
  const length = headers.get('content-length');
  if (length === undefined) return 'length_required';
  if (Number(length) > MAX_BODY_BYTES) return 'payload_too_large';
  return /^application\/json(\s*;.*)?$/i.test(headers.get('content-type') ?? '') ? undefined : 'unsupported_media_type';
}

function slotOf({ url = '' }: IncomingMessage): string | undefined {
  return /^\/slots\/([\w-]{1,128})$/.exec(url)?.[1];
}

/** Headers by lower-case name; `undefined` if one is repeated or is not printable ASCII. */
function uniqueHeaders(raw: readonly string[]): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? '';
    const value = raw[index + 1] ?? '';
    if (headers.has(name) || !/^[\x20-\x7e]*$/.test(value)) return undefined;
    headers.set(name, value);
  }
  return headers;
}

async function readBody(request: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
