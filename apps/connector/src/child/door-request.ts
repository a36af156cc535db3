import type { Socket } from 'node:net';
import { MAX_DOOR_HEAD_BYTES, readDoorHead, type DoorHead, type DoorProblem } from './door-head.js';

/** A request that could not be taken. */
export class DoorRefusal extends Error {
  override readonly name = 'DoorRefusal';

  constructor(readonly problem: DoorProblem) {
    super(problem);
  }
}

/** How long the door waits: for the first byte, and for the whole request after it. */
export interface DoorPatience {
  firstByteTimeoutMs: number;
  wholeTimeoutMs: number;
}

/** The head and the body of the one request that a connection may bring. Throws `DoorRefusal`. */
export async function readDoorRequest(
  socket: Socket,
  hosts: readonly string[],
  patience: DoorPatience,
): Promise<{ head: DoorHead; body: Buffer }> {
  const reader = new SocketReader(socket, patience.firstByteTimeoutMs);
  await reader.until((bytes) => bytes.length > 0);
  reader.expectWithin(patience.wholeTimeoutMs);
  const bytes = await reader.until(hasWholeHead);
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) throw new DoorRefusal('bad_request');
  const head = readDoorHead(bytes.toString('latin1', 0, end), hosts);
  if (typeof head === 'string') throw new DoorRefusal(head);
  if (head.expectsContinue) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  const start = end + HEAD_END.length;
  const whole = await reader.until((received) => received.length - start >= head.contentLength);
  reader.stop();
  if (whole.length - start > head.contentLength) throw new DoorRefusal('bad_request');
  return { head, body: whole.subarray(start) };
}

const HEAD_END = '\r\n\r\n';

function hasWholeHead(bytes: Buffer): boolean {
  return bytes.length > MAX_DOOR_HEAD_BYTES || bytes.includes(HEAD_END);
}

/** Collects what a socket brings until enough of it is there, within a time. */
class SocketReader {
  private bytes = Buffer.alloc(0);
  private timer: NodeJS.Timeout;
  private wake: (refusal?: DoorRefusal) => void = () => undefined;
  private refusal: DoorRefusal | undefined;

  constructor(
    private readonly socket: Socket,
    timeoutMs: number,
  ) {
    this.timer = setTimeout(() => this.give(new DoorRefusal('request_timeout')), timeoutMs);
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('end', () => this.give(new DoorRefusal('bad_request')));
    socket.on('error', () => this.give(new DoorRefusal('bad_request')));
    socket.resume();
  }

  expectWithin(timeoutMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.give(new DoorRefusal('request_timeout')), timeoutMs);
  }

  async until(isEnough: (bytes: Buffer) => boolean): Promise<Buffer> {
    while (!isEnough(this.bytes)) {
      if (this.refusal !== undefined) throw this.refusal;
      await new Promise<void>((resolve) => (this.wake = () => resolve()));
    }
    return this.bytes;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.socket.removeAllListeners('data');
    this.socket.pause();
  }

  private take(chunk: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    this.wake();
  }

  private give(refusal: DoorRefusal): void {
    this.refusal ??= refusal;
    this.wake();
  }
}
