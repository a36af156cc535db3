import { eventsOf } from '../proxy/event-stream.js';
import type { Probe, RecordedClient } from './recorded-client.js';

/** A JSON-RPC message, as far as the scripts look at it. */
export interface Message {
  id?: string | number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { code: number; message: string; data?: Record<string, unknown> };
}

/** What came of a request: the status, and the response if there was one. */
export interface Answer extends Message {
  status: number;
  result?: {
    tools?: { name: string }[];
    nextCursor?: string;
    content?: { text: string }[];
    [member: string]: unknown;
  };
}

type Headers = Record<string, string>;

/** A response that let the client in nowhere, as far as a client could show it. */
export interface Refusal {
  /** What was asked for, such as `POST initialize` or `GET {path}`. */
  what: string;
  status: number;
  /** `WWW-Authenticate`. */
  challenge: string;
  text: string;
}

/** Sends HTTP requests with the headers of a recorded client, and notes each one with the status of its response. */
export class ClientWire {
  /** Such as `POST initialize 200`, `GET 405` or `GET /.well-known/openid-configuration 404`. */
  readonly sent: string[] = [];
  /** The responses with an HTTP status of an error. */
  readonly refusals: Refusal[] = [];
  private readonly left = new AbortController();

  /** @param credentials what the client's configuration adds to every request */
  constructor(
    private readonly client: RecordedClient,
    private readonly url: string,
    private readonly credentials: Headers,
  ) {}

  /** Sends a message to the MCP endpoint; its response may be a stream. */
  post(message: Message, headers: Headers): Promise<Response> {
    const { accept } = this.client;
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    const what = `POST ${message.method ?? 'response'}`;
    return this.send('POST', this.url, what, { accept, 'content-type': 'application/json', ...headers }, body);
  }

  /** Opens a GET stream, which stays open, if there is one, until this is closed. */
  async openStream(headers: Headers): Promise<void> {
    await this.send('GET', this.url, 'GET', { accept: this.client.streamAccept, ...headers });
  }

  async delete(headers: Headers): Promise<void> {
    await this.send('DELETE', this.url, 'DELETE', { accept: '*/*', ...headers });
  }

  async probe(probe: Probe): Promise<void> {
    const [method = '', path = ''] = probe.split(' ');
    const url = new URL(path.replace('{path}', new URL(this.url).pathname), this.url);
    const registration = { client_name: this.client.name, redirect_uris: ['http://localhost:3118/callback'] };
    const isPost = method === 'POST';
    const accept = probe === 'GET {path}' ? this.client.streamAccept : 'application/json';
    const headers = { accept, ...(isPost && { 'content-type': 'application/json' }) };
    await this.send(method, url.href, probe, headers, isPost ? JSON.stringify(registration) : undefined);
  }

  /** Gives up whatever is open. */
  close(): void {
    this.left.abort();
  }

  private async send(method: string, url: string, what: string, headers: Headers, body?: string): Promise<Response> {
    const { agent, encodings } = this.client;
    const all = { 'user-agent': agent, 'accept-encoding': encodings, ...this.credentials, ...headers };
    const response = await fetch(url, { method, headers: all, body, signal: this.left.signal });
    const { status, ok } = response;
    this.sent.push(`${what} ${status}`);
    const challenge = response.headers.get('www-authenticate') ?? '';
    if (!ok) this.refusals.push({ what, status, challenge, text: await response.clone().text() });
    return response;
  }
}

/** Waits for the response with this id; requests of the server come to `asked` meanwhile, by their ids. */
export async function finalOf(
  response: Response,
  id: string | number,
  asked: (id: Message['id']) => Promise<void> = () => Promise.resolve(),
): Promise<Answer> {
  const { status } = response;
  for await (const message of messagesOf(response)) {
    if (message.id === id && message.method === undefined) return { status, ...message };
    if (message.method === 'elicitation/create') await asked(message.id);
  }
  return { status };
}

/** The messages of a response: one in JSON, or those of a stream as they arrive. */
export async function* messagesOf(response: Response): AsyncGenerator<Message> {
  if (response.headers.get('content-type') === 'text/event-stream') {
    for await (const { data } of eventsOf(response)) if (data) yield JSON.parse(data);
    return;
  }
  const text = await response.text();
  if (text.startsWith('{')) yield JSON.parse(text);
}
