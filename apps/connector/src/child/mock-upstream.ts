import { Socket } from 'node:net';
import { isObject, parseJson } from '@lethe/mcp';
import type { buildConnector } from 'undici';

/** Results by method. A request for another method is rejected, as by a server that was not initialized. */
export type MockResults = Readonly<Record<string, object>>;

const HEAD_END = '\r\n\r\n';

/**
 * Gives undici a socket whose requests are answered in this process. Undici's own MockAgent would replace its connections and its
 * parser, which are part of what a warm-up compiles (docs/adr/0003 has the times).
 */
export function mockConnector(results: MockResults): buildConnector.connector {
  return (_target, callback) => queueMicrotask(() => callback(null, new MockSocket(results)));
}

/** A socket without a connection. */
class MockSocket extends Socket {
  private received = '';

  constructor(private readonly results: MockResults) {
    super();
  }

  override _read(): void {
    // Responses are pushed when the request has been written.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.received += chunk.toString('latin1');
    this.respond();
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    for (const { chunk } of chunks) this.received += chunk.toString('latin1');
    this.respond();
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  /** A socket that never connects would wait for that, with one more listener after each request. */
  override unref(): this {
    return this;
  }

  private respond(): void {
    const at = this.received.indexOf(HEAD_END);
    const length = Number(/^content-length: (\d+)/im.exec(this.received.slice(0, at))?.[1] ?? 0);
    const body = this.received.slice(at + HEAD_END.length);
    if (at === -1 || body.length < length) return;
    this.received = '';
    this.push(this.responseTo(parseJson(body)));
  }

  private responseTo(message: unknown): string {
    const { id, method } = isObject(message) ? message : {};
    if (id === undefined) return `HTTP/1.1 202 Accepted\r\ncontent-length: 0${HEAD_END}`;
    const result = typeof method === 'string' ? this.results[method] : undefined;
    const outcome = result ? { result } : { error: { code: -32000, message: 'Server not initialized' } };
    const json = JSON.stringify({ jsonrpc: '2.0', id, ...outcome });
    const status = result ? '200 OK' : '400 Bad Request';
    const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\nmcp-session-id: warm-up`;
    return `${head}\r\ncontent-length: ${json.length}${HEAD_END}${json}`;
  }
}
