import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CliError } from '../errors/cli.error.js';
import { redirectUriOf } from './registration.js';
import { isSame } from './same-secret.js';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Lethe</title><p>Lethe has received the answer. Go back to the terminal.`;

/** Waits on loopback for the browser to come back, once. */
export class RedirectListener {
  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** @param port 0: any. If it is taken: any, too. */
  static async listen(port: number): Promise<RedirectListener> {
    const server = createServer();
    for (const tried of [port, 0]) {
      try {
        server.listen(tried, '127.0.0.1');
        await once(server, 'listening');
        const address = server.address();
        if (address !== null && typeof address !== 'string') return new RedirectListener(server, address.port);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      }
    }
    throw new CliError('unexpected', 'port_taken', 'No port of this machine could be listened to');
  }

  get redirectUri(): string {
    return redirectUriOf(this.port);
  }

  /** The parameters of the one request that has this state; others are refused and change nothing. */
  answer(state: string): Promise<URLSearchParams> {
    return new Promise((resolve) => {
      let isAnswered = false;
      this.server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        const parameters = isAnswered ? undefined : this.parametersOf(request, state);
        isAnswered ||= parameters !== undefined;
        response.writeHead(parameters ? 200 : 404, {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': "default-src 'none'",
          'cache-control': 'no-store',
          'referrer-policy': 'no-referrer',
          connection: 'close',
        });
        response.end(parameters ? PAGE : '');
        if (parameters) response.once('close', () => resolve(parameters));
      });
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private parametersOf({ method, url, headers }: IncomingMessage, state: string): URLSearchParams | undefined {
    // Exact, so that a page of another name that resolves to this machine gets nothing.
    if (method !== 'GET' || headers.host !== `127.0.0.1:${this.port}`) return undefined;
    // Anybody here may send a target that is no path, such as `//`.
    if (!URL.canParse(url ?? '/', this.redirectUri)) return undefined;
    const { pathname, searchParams } = new URL(url ?? '/', this.redirectUri);
    return pathname === '/callback' && isSame(searchParams.get('state') ?? '', state) ? searchParams : undefined;
  }
}
