import { Socket } from 'node:net';
import { isObject, parseJson } from '@lethe/mcp';
import type { buildConnector } from 'undici';

/** Results by method; a request for another one is refused as by a server that was not initialized. */
export type RehearsedResults = Readonly<Record<string, object>>;

const END_OF_HEAD = '\r\n\r\n';

/** Connects to nobody: what is sent is answered in this process. */
export function rehearsalConnector(results: RehearsedResults): buildConnector.connector {
  return (_target, callback) => queueMicrotask(() => callback(null, new RehearsalSocket(results)));
}

/** A socket without a connection behind it. */
class RehearsalSocket extends Socket {
  private received = '';

  constructor(private readonly results: RehearsedResults) {
    super();
  }

  override _read(): void {
    // What there is to read was pushed as it was written.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.received += chunk.toString('latin1');
    this.answer();
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    for (const { chunk } of chunks) this.received += chunk.toString('latin1');
    this.answer();
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  private answer(): void {
    const at = this.received.indexOf(END_OF_HEAD);
    const length = Number(/^content-length: (\d+)/im.exec(this.received.slice(0, at))?.[1] ?? 0);
    const body = this.received.slice(at + END_OF_HEAD.length);
    if (at === -1 || body.length < length) return;
    this.received = '';
    this.push(this.answerTo(parseJson(body)));
  }

  private answerTo(message: unknown): string {
    const { id, method } = isObject(message) ? message : {};
    if (id === undefined) return `HTTP/1.1 202 Accepted\r\ncontent-length: 0${END_OF_HEAD}`;
    const result = typeof method === 'string' ? this.results[method] : undefined;
    const outcome = result ? { result } : { error: { code: -32000, message: 'Server not initialized' } };
    const json = JSON.stringify({ jsonrpc: '2.0', id, ...outcome });
    const status = result ? '200 OK' : '400 Bad Request';
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nmcp-session-id: rehearsal`;
    return `${head}\r\ncontent-length: ${json.length}${END_OF_HEAD}${json}`;
  }
}
