import { Agent, type IncomingMessage } from 'node:http';
import { directRequest } from '../registry/direct-request.js';

/** Headers of one request, by name. */
export type Headers = Readonly<Record<string, string>>;

const ACCEPT = 'application/json, text/event-stream';

/** Requests to the endpoint of one virtual server. */
export class LetheConnection {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly url: string) {}

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

  private async send(method: string, headers: Headers, signal: AbortSignal, body?: Buffer): Promise<IncomingMessage> {
    const request = await directRequest(this.url, { method, headers, signal, agent: this.agent });
    return new Promise((resolve, reject) => {
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
