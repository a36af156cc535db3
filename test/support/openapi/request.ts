import { Agent, request as requestHttp } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request of the test, whole. */
export interface TestRequest {
  method: string;
  /** With its query. */
  target: string;
  headers: Record<string, string>;
  body?: string;
}

/** Its answer. */
export interface TestAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends requests over few connections that stay open. */
export class RequestSender {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });

  constructor(private readonly url: string) {}

  async send({ method, target, headers, body }: TestRequest): Promise<TestAnswer> {
    const { hostname, port } = new URL(this.url);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { hostname, port, path: target, method, agent: this.agent, headers: { ...headers, ...length } };
    return new Promise((resolve, reject) => {
      const request = requestHttp(options, (response) => {
        const { statusCode: status = 0, headers: received } = response;
        const answer = (all: string): void => resolve({ status, headers: received, text: all });
        // An endless answer is left at its beginning.
        if (received['content-type']?.startsWith('text/event-stream')) {
          response.once('data', (part: Buffer) => {
            answer(part.toString());
            response.destroy();
          });
          response.once('end', () => answer(''));
          return;
        }
        text(response).then(answer, reject);
      });
      request.on('error', reject).end(body);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
