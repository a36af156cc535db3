import type { Readable } from 'node:stream';
import {
  decodeMessage,
  encodeError,
  encodeNotification,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
} from '@lethe/mcp';
import { type Asking, asCliError } from './asking.js';
import { AGAIN, CallRelay, errorResponse, type Provided, respond, wholeMessage } from './call-relay.js';
import type { GatewayHeaders } from './gateway-headers.js';
import { LegacySession, offersUrls } from './legacy-session.js';
import type { LetheConnection } from './lethe-connection.js';
import { LineSplitter } from './line-splitter.js';
import type { MessageLines } from './message-lines.js';
import { ModernHeaders } from './modern-headers.js';
import { isTaken, type MessageSink } from './responses.js';
import { followSession } from './session-stream.js';
import type { CredentialFailure } from './told-failure.js';
import { capabilitiesOf, isModern, loginText } from './told-text.js';
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
  /** What starts a command in a terminal. */
  command: string;
}

/** An MCP server on standard streams that passes every message on to Lethe, in the era that the client speaks. */
export class StdioBridge {
  private readonly running = new RunningRequests();
  private readonly relay: CallRelay;
  private readonly stream = new AbortController();
  private readonly sink: MessageSink;
  private session: LegacySession | undefined;
  /** Until `initialize` and `notifications/initialized` have been taken, in this order. */
  private opening: Promise<unknown> = Promise.resolve();
  private reopening: Promise<void> | undefined;

  constructor(private readonly parts: StdioBridgeParts) {
    const { connection, headers, lines } = parts;
    this.sink = { message: (json) => lines.write(json), long: (chunks) => lines.stream(chunks) };
    this.relay = new CallRelay({
      ...{ connection, headers, modern: new ModernHeaders() },
      sessionHeaders: () => this.session?.headers ?? {},
      reopen: () => this.reopen(),
      provide: (request, failure) => this.provide(request, failure),
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
    if (line && (line.length === 0 || /^\s*$/.test(line.toString('latin1', 0, 8)))) return;
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
      const { origin } = new URL(this.parts.server);
      if (!signal.aborted) await this.parts.lines.write(errorResponse(request, error, origin));
    } finally {
      this.running.end(running);
    }
  }

  private async call(request: RpcRequest, { ended: { signal }, isModern: isModernCall }: RunningRequest): Promise<void> {
    if (!isModernCall) await this.opening;
    const { asking, headers, command } = this.parts;
    const answer = isModernCall ? await asking.answered(request) : undefined;
    if (!answer) return this.relay.relay(request, this.sink, signal);
    const { asked, target } = answer;
    if (asked === 'logged-in') {
      await headers.renew(target.gateway, undefined);
      return this.relay.relay(answer.request, this.sink, signal, true);
    }
    await this.sink.message(loginText(request, undefined, target, { why: asked, command }), true);
  } // prettier-ignore

  private initialize(request: RpcRequest, { ended }: RunningRequest): Promise<void> {
    const session = new LegacySession(request);
    const opened = this.begin(session, ended.signal, (json) => this.sink.message(json, true)).then(() => {
      this.session = session;
    });
    this.opening = opened.catch(() => undefined);
    return opened;
  }

  private async begin(session: LegacySession, signal: AbortSignal, then: (json: string) => Promise<void>): Promise<void> {
    const { connection, headers } = this.parts;
    const { bytes, id } = session.initialize;
    const response = await connection.post(bytes, (await headers.current()).headers, signal);
    const json = await wholeMessage(response, id);
    session.opened(response, json);
    await then(json);
  } // prettier-ignore

  /** Lethe has forgotten the session, which no client of a stdio server expects. */
  private reopen(): Promise<void> {
    this.reopening ??= this.openAgain().finally(() => (this.reopening = undefined));
    return this.reopening;
  }

  private async openAgain(): Promise<void> {
    const { session } = this;
    if (!session) return;
    await this.begin(session, this.stream.signal, () => Promise.resolve());
    await this.post({ bytes: encodeNotification('notifications/initialized') });
  }

  /** A notification or a response. Returns whether it was taken; nobody waits for an answer. */
  private async post({ bytes }: { bytes: Buffer }): Promise<boolean> {
    const { connection, headers } = this.parts;
    try {
      const all = { ...(await headers.current()).headers, ...this.session?.headers };
      return isTaken(await connection.post(bytes, all, this.stream.signal));
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
    const parts = { connection, headers, session, onMessage, onEnded: () => this.reopen() };
    void followSession(parts, this.stream.signal).catch(() => undefined);
  }

  private async provide(request: RpcRequest, failure: CredentialFailure): Promise<Provided> {
    const { asking, headers, command } = this.parts;
    const target = headers.targetOf(failure.gateway);
    if (!target) return respond(failure.json);
    const tell = (why = headers.whyNot(failure.gateway)): Provided =>
      respond(loginText(request, failure, target, { why, command }));
    try {
      if (isModern(request)) {
        const offers = offersUrls(capabilitiesOf(request));
        return offers ? respond(await asking.inputRequired(request, target)) : tell();
      }
      if (this.session?.opensUrls !== true) return tell();
      const asked = await asking.askNow(target);
      return asked === 'logged-in' ? AGAIN : tell(asked);
    } catch (error) {
      return tell(asCliError(error));
    }
  } // prettier-ignore

  private async end(signal: AbortSignal): Promise<void> {
    this.parts.asking.close();
    await this.running.settled(AbortSignal.any([signal, AbortSignal.timeout(GRACE_MS)]));
    this.running.abortAll();
    this.stream.abort();
    const { connection, headers } = this.parts;
    if (this.session?.isOpen === true) {
      const goodbye = AbortSignal.timeout(GOODBYE_MS);
      const all = { ...(await headers.current()).headers, ...this.session.headers };
      await connection.delete(all, goodbye).then((response) => response.resume()).catch(() => undefined);
    }
    connection.close();
  } // prettier-ignore
}
