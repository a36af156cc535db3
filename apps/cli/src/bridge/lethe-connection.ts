import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** Headers of one request, by name. */
export type Headers = Readonly<Record<string, string>>;

const ACCEPT = 'application/json, text/event-stream';

/**
 * Requests to the endpoint of one virtual server. They follow no redirect, and plain http goes straight to the host: both
 * would take credentials elsewhere.
 */
export class LetheConnection {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly isHttps: boolean;

  constructor(private readonly url: string) {
    this.isHttps = url.startsWith('https:');
  }

  /** Sends a message. The body of the response is unread. */
  post(body: string | Buffer, headers: Headers, signal: AbortSignal): Promise<IncomingMessage> {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body;
    const own = { 'content-type': 'application/json', 'content-length': String(bytes.length), accept: ACCEPT };
    return this.send('POST', { ...headers, ...own }, signal, bytes);
  }

  /** Opens the stream of a session. */
  get(headers: Headers, signal: AbortSignal): Promise<IncomingMessage> {
    return this.send('GET', { ...headers, accept: 'text/event-stream' }, signal);
  }

  /** Ends a session. */
  delete(headers: Headers, signal: AbortSignal): Promise<IncomingMessage> {
    return this.send('DELETE', headers, signal);
  }

  /** Closes the connections that are idle. */
  close(): void {
    this.agent.destroy();
  }

  private send(method: string, headers: Headers, signal: AbortSignal, body?: Buffer): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { method, headers, signal };
      const request = this.isHttps
        ? requestHttps(this.url, options)
        : requestHttp(this.url, { ...options, agent: this.agent });
      request.once('response', resolve).on('error', reject).end(body);
    });
  }
}

/** Why a response was cut. */
class Stalled extends Error {
  override readonly name = 'Stalled';
}

/**
 * The chunks of a body.
 * @param mostMs asked before each wait
 * @throws Stalled when nothing comes for so long while somebody reads
 */
export async function* chunksOf(body: IncomingMessage, mostMs: () => number): AsyncGenerator<Buffer, void> {
  const watch = (): NodeJS.Timeout =>
    setTimeout(() => body.destroy(new Stalled('nothing came for too long')), mostMs());
  let timer = watch();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      if (Buffer.isBuffer(chunk)) yield chunk;
      timer = watch();
    }
  } finally {
    clearTimeout(timer);
  }
}
