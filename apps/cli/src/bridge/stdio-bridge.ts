import { setMaxListeners } from 'node:events';
import type { Readable } from 'node:stream';
import {
  decodeMessage,
  encodeError,
  encodeNotification,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
} from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { Asking } from './asking.js';
import { CallRelay, errorResponse, wholeMessage } from './call-relay.js';
import type { CredentialRepair } from './credential-repair.js';
import type { GatewayHeaders } from './gateway-headers.js';
import { LegacySession, SESSION_ID } from './legacy-session.js';
import type { Headers, LetheConnection } from './lethe-connection.js';
import { LineSplitter } from './line-splitter.js';
import { ListenRelay, listens } from './listen-relay.js';
import type { MessageLines } from './message-lines.js';
import { ModernHeaders } from './modern-headers.js';
import { isTaken, type MessageSink } from './responses.js';
import { followSession } from './session-stream.js';
import { RunningRequests, type RunningRequest } from './running-requests.js';

/** How long requests may go on after the client has closed its side. */
const GRACE_MS = 10_000;
const GOODBYE_MS = 1_000;

/** What the bridge of one client consists of. */
export interface StdioBridgeParts {
  /** URL of the virtual server. */
  server: string;
  connection: LetheConnection;
  headers: GatewayHeaders;
  lines: MessageLines;
  asking: Asking;
  repair: CredentialRepair;
  /** Writes a line for whoever looks for what went wrong: some clients show no text of a failed start. */
  log: (line: string) => void;
}

/** An MCP server on standard streams that passes every message on to Lethe, in the era that the client speaks. */
export class StdioBridge {
  private readonly running = new RunningRequests();
  private readonly relay: CallRelay;
  private readonly listening: ListenRelay;
  private readonly stream = new AbortController();
  private readonly sink: MessageSink;
  private session: LegacySession | undefined;
  /** Until `initialize` and `notifications/initialized` have been taken, in this order. */
  private opening: Promise<unknown> = Promise.resolve();
  private reopening: Promise<void> | undefined;
  private following: AbortController | undefined;

  constructor(private readonly parts: StdioBridgeParts) {
    const { connection, headers, lines, asking, repair } = parts;
    // Many messages may wait at the same time.
    setMaxListeners(0, this.stream.signal);
    this.sink = { message: (json) => lines.write(json), long: (chunks) => lines.stream(chunks) };
    const modern = new ModernHeaders();
    this.listening = new ListenRelay({ connection, headers, modern });
    this.relay = new CallRelay({
      ...{ connection, headers, modern },
      sessionHeaders: () => this.session?.headers ?? {},
      reopen: (sent) => this.reopen(sent),
      repair,
      askNow: () => (this.session?.opensUrls === true ? (target) => asking.askNow(target) : undefined),
    });
  }

  /** Serves the client until it closes its side, or the signal. */
  async run(input: Readable, signal: AbortSignal): Promise<void> {
    const splitter = new LineSplitter();
    const stop = (): void => void input.destroy();
    signal.addEventListener('abort', stop, { once: true });
    try {
      for await (const chunk of input) {
        if (Buffer.isBuffer(chunk)) for (const line of splitter.push(chunk)) this.receive(line);
      }
    } catch {
      // A client that is gone, and a signal, end the input early.
    } finally {
      signal.removeEventListener('abort', stop);
      await this.end(signal);
    }
  }

  private receive(line: Buffer | undefined): void {
    if (line && line.length <= 1 && line.toString('latin1').trim() === '') return;
    const decoded = line ? decodeMessage(line) : { ok: false as const, problem: 'too_long' as const };
    if (decoded.ok) return void this.handle(decoded.message);
    const isJson = decoded.problem !== 'not_json';
    const message = `This is not one JSON-RPC message (${decoded.problem})`;
    void this.parts.lines.write(encodeError(null, { code: isJson ? -32600 : -32700, message }));
  }

  private async handle(message: RpcMessage): Promise<void> {
    if (message.kind === 'request') return this.request(message);
    if (message.kind === 'response' && this.parts.asking.take(message)) return;
    if (message.kind === 'notification' && message.method === 'notifications/cancelled') return this.cancel(message);
    const sent = this.opening.then(() => this.post(message));
    if (message.kind === 'notification' && message.method === 'notifications/initialized') {
      this.opening = sent;
      if (await sent) this.follow();
    }
    await sent;
  }

  private async request(request: RpcRequest): Promise<void> {
    const running = this.running.begin(request);
    const { signal } = running.ended;
    try {
      if (request.method === 'initialize') await this.initialize(request, running);
      else await this.call(request, running);
    } catch (error) {
      const { server, lines, log } = this.parts;
      if (signal.aborted) return;
      if (error instanceof CliError) log(`${error.message} (${error.code})`);
      await lines.write(errorResponse(request, error, new URL(server).origin));
    } finally {
      this.running.end(running);
    }
  }

  private async call(request: RpcRequest, { ended: { signal }, isModern }: RunningRequest): Promise<void> {
    if (!isModern) await this.opening;
    else if (listens(request)) return this.listening.relay(request, this.sink, signal);
    const resumed = await this.parts.repair.resumed(request);
    if (!resumed) return this.relay.relay(request, this.sink, signal);
    if (resumed.as === 'response') return this.sink.message(resumed.json, true);
    return this.relay.relay(resumed.request, this.sink, signal, resumed.tried);
  }

  private initialize(request: RpcRequest, { ended }: RunningRequest): Promise<void> {
    const session = new LegacySession(request);
    const opened = this.begin(session, ended.signal, (json) => this.sink.message(json, true)).then(() => {
      this.session = session;
    });
    this.opening = opened.catch(() => undefined);
    return opened;
  }

  private async begin(session: LegacySession, signal: AbortSignal, then: (json: string) => Promise<void>): Promise<void> {
    const opened = await this.open(session, signal);
    if (opened.wantsNonce) {
      // An upstream that wants other proofs of possession is not in this session.
      await this.endSession(session).catch(() => undefined);
      return then((await this.open(session, signal)).json);
    }
    await then(opened.json);
  } // prettier-ignore

  private async open(session: LegacySession, signal: AbortSignal): Promise<{ json: string; wantsNonce: boolean }> {
    const { connection, headers } = this.parts;
    const { bytes, id } = session.initialize;
    const sent = await headers.current('call');
    const response = await connection.post(bytes, sent.headers, signal);
    const wantsNonce = headers.learn(response, sent);
    const json = await wholeMessage(response, id);
    session.opened(response, json);
    return { json, wantsNonce };
  }

  /** Lethe has forgotten the session, which no client of a stdio server expects. */
  private async reopen(sent: Headers): Promise<void> {
    // Another message may have found out before.
    if (this.session?.headers[SESSION_ID] !== sent[SESSION_ID]) return;
    this.reopening ??= this.openAgain().finally(() => (this.reopening = undefined));
    await this.reopening;
  }

  private async openAgain(): Promise<void> {
    const { session } = this;
    if (!session) return;
    await this.begin(session, this.stream.signal, async (json) => {
      if (!session.isOpenedBy(json)) throw notReopened();
    });
    await this.post({ bytes: encodeNotification('notifications/initialized') });
  }

  /** A notification or a response. Returns whether it was taken; nobody waits for an answer. */
  private async post({ bytes }: { bytes: Buffer }): Promise<boolean> {
    const { connection, headers } = this.parts;
    try {
      const sent = await headers.current('notice');
      const all = { ...sent.headers, ...this.session?.headers };
      const response = await connection.post(bytes, all, this.stream.signal);
      headers.learn(response, sent);
      return isTaken(response);
    } catch {
      return false;
    }
  }

  /** A modern request is cancelled by the end of its connection, a legacy one by the notification. */
  private async cancel(message: RpcNotification): Promise<void> {
    const running = this.running.get(message.params['requestId']);
    if (!running) return;
    if (!running.isModern) await this.post(message);
    running.ended.abort();
  }

  private follow(): void {
    const { session } = this;
    if (!session) return;
    const { connection, headers, lines } = this.parts;
    const onMessage = (json: string): Promise<void> => lines.write(json);
    const parts = { connection, headers, session, onMessage, onEnded: (sent: Headers) => this.reopen(sent) };
    // A client may begin a second session.
    this.following?.abort();
    this.following = new AbortController();
    const signal = AbortSignal.any([this.stream.signal, this.following.signal]);
    void followSession(parts, signal).catch(() => undefined);
  }

  private async end(signal: AbortSignal): Promise<void> {
    this.parts.asking.close();
    await this.running.settled(AbortSignal.any([signal, AbortSignal.timeout(GRACE_MS)]));
    this.running.abortAll();
    this.stream.abort();
    if (this.session) await this.endSession(this.session).catch(() => undefined);
    this.parts.connection.close();
  }

  private async endSession(session: LegacySession): Promise<void> {
    const { connection, headers } = this.parts;
    if (!session.isOpen) return;
    const all = { ...(await headers.current('end')).headers, ...session.headers };
    const response = await connection.delete(all, AbortSignal.timeout(GOODBYE_MS));
    response.resume();
  }
}

function notReopened(): CliError {
  const text = 'Lethe does not know the session any more, and began no other one; the request was not carried out';
  return new CliError('unreachable', 'session_lost', text);
}
