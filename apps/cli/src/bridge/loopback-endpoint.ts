import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { decodeMessage, encodeError, type RpcRequest } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { isSame } from '../oauth/same-secret.js';
import { errorResponse } from './call-relay.js';
import { AGAIN, type CredentialRepair, type Repaired, respond, Tried } from './credential-repair.js';
import type { GatewayHeaders } from './gateway-headers.js';
import type { Headers, LetheConnection } from './lethe-connection.js';
import { asksSeveral, type RequestUse, useOf } from './proof-counts.js';
import { MAX_FAILURE_BYTES, toldFailure } from './told-failure.js';

const PATH = '/mcp';
/** As Lethe's own limit. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** What a client says to Lethe; its other headers are for the bridge or for nobody. */
const TO_LETHE = /^(?:mcp-.*|accept|content-type|last-event-id|traceparent|tracestate)$/;
const TO_CLIENT = /^(?:mcp-.*|content-type|cache-control|retry-after|allow)$/;

/** A secret for the clients of one bridge. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What a bridge that listens consists of. */
export interface LoopbackEndpointParts {
  /** URL of the virtual server. */
  server: string;
  connection: LetheConnection;
  headers: GatewayHeaders;
  repair: CredentialRepair;
  /** What a client has to know, in `Authorization: Bearer`. */
  secret: string;
}

interface Answer {
  readonly answer: IncomingMessage;
  /** Whether an upstream has refused a request for the lack of a nonce that is known now. */
  readonly wantsNonce: boolean;
}

/** An MCP endpoint on loopback, for clients that can't start a program. It passes requests on as they are, with the headers for Lethe. */
export class LoopbackEndpoint {
  private readonly server: Server;
  private readonly ended = new AbortController();
  private port = 0;

  constructor(private readonly parts: LoopbackEndpointParts) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Listens on loopback, and nowhere else. @throws CliError `port_taken` */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', () => reject(new CliError('usage', 'port_taken', 'This port can not be listened to')));
      this.server.listen(port, '127.0.0.1', () => resolve());
    });
    const address = this.server.address();
    this.port = address !== null && typeof address === 'object' ? address.port : port;
    return `http://127.0.0.1:${this.port}${PATH}`;
  }

  close(): void {
    this.ended.abort();
    this.server.close();
    this.server.closeAllConnections();
    this.parts.connection.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = this.refusal(request);
    if (status !== undefined) {
      request.resume();
      const challenge = status === 401 ? { 'www-authenticate': 'Bearer realm="lethe-bridge"' } : {};
      response.writeHead(status, challenge).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const signal = AbortSignal.any([gone.signal, this.ended.signal]);
    try {
      if (request.method === 'POST') await this.post(request, response, signal);
      else await this.pass((await this.send(request, undefined, signal, request.method === 'GET' ? 'stream' : 'end')).answer, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendJson(response, 502, encodeError(null, { code: -32603, message: textOf(error) }));
    }
  } // prettier-ignore

  /** A page in a browser may be able to send a request here: it does not know the secret, and says where it is from. */
  private refusal({ headers, url, method }: IncomingMessage): number | undefined {
    const hosts = [`127.0.0.1:${this.port}`, `localhost:${this.port}`];
    if (headers.origin !== undefined || !hosts.includes(headers.host ?? '')) return 403;
    if (!isSame(headers.authorization ?? '', `Bearer ${this.parts.secret}`)) return 401;
    if (url !== PATH) return 404;
    return ['POST', 'GET', 'DELETE'].includes(method ?? '') ? undefined : 405;
  }

  private async post(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const body = await bodyOf(request);
    if (!body) return void response.writeHead(413, { connection: 'close' }).end();
    const decoded = decodeMessage(body);
    // Lethe says what is wrong with others.
    if (!decoded.ok || decoded.message.kind !== 'request') return this.pass((await this.send(request, body, signal, 'notice')).answer, response);
    const { message } = decoded;
    try {
      await this.call(request, message, response, signal);
    } catch (error) {
      if (response.headersSent || signal.aborted) throw error;
      sendJson(response, 200, errorResponse(message, error, new URL(this.parts.server).origin));
    }
  } // prettier-ignore

  private async call(
    from: IncomingMessage,
    message: RpcRequest,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { repair } = this.parts;
    const resumed = await repair.resumed(message);
    if (resumed?.as === 'response') return sendJson(response, 200, resumed.json);
    const tried = resumed?.tried ?? new Tried();
    const request = resumed?.request ?? message;
    for (;;) {
      const { answer, wantsNonce } = await this.send(from, request.bytes, signal, useOf(request), tried);
      if (wantsNonce && asksSeveral(request) && tried.first('nonce')) {
        answer.destroy();
        continue;
      }
      if (!isShort(answer)) return this.pass(answer, response);
      const json = await textIn(answer);
      const repaired = await this.repaired(request, json, wantsNonce, tried);
      if (repaired.as === 'response') {
        // A text of the bridge is no rejection by HTTP, which would have the client sign in here.
        const status = repaired.json === json ? (answer.statusCode ?? 502) : 200;
        return sendJson(response, status, repaired.json, headersOf(answer, TO_CLIENT));
      }
    }
  }

  private async repaired(request: RpcRequest, json: string, wantsNonce: boolean, tried: Tried): Promise<Repaired> {
    const failure = toldFailure(json);
    if (failure?.kind !== 'credential') return respond(json);
    if (wantsNonce && tried.first('nonce')) return AGAIN;
    return this.parts.repair.repair(request, failure, tried, undefined);
  }

  private async send(from: IncomingMessage, body: Buffer | undefined, signal: AbortSignal, use: RequestUse, tried?: Tried): Promise<Answer> {
    const { connection, headers } = this.parts;
    const sent = await headers.current(use);
    if (tried) tried.tokens = sent.tokens;
    const all = { ...headersOf(from, TO_LETHE), ...sent.headers };
    const answered = body
      ? connection.post(body, all, signal)
      : from.method === 'DELETE'
        ? connection.delete(all, signal)
        : connection.get(all, signal);
    const answer = await answered;
    return { answer, wantsNonce: headers.learn(answer, sent) };
  } // prettier-ignore

  private async pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    response.writeHead(answer.statusCode ?? 502, headersOf(answer, TO_CLIENT));
    response.flushHeaders();
    await pipeline(answer, response);
  }
}

function headersOf({ headers }: IncomingMessage, wanted: RegExp): Headers {
  const entries = Object.entries(headers).filter(([name]) => wanted.test(name));
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

/** Whether a body is JSON of the length of a failure. */
function isShort({ headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length'] ?? Infinity);
  return length <= MAX_FAILURE_BYTES && headers['content-type']?.startsWith('application/json') === true;
}

async function textIn(answer: IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  for await (const chunk of answer) if (Buffer.isBuffer(chunk)) kept.push(chunk);
  return Buffer.concat(kept).toString('utf8');
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return undefined;
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

function sendJson(response: ServerResponse, status: number, json: string, headers: Headers = {}): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(json);
}

function textOf(error: unknown): string {
  return error instanceof CliError ? error.message : 'Lethe does not answer';
}
