import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { boundedRetryMs, encodeError, encodeRequest, isGetStream, type RpcId, type RpcRequest } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { AGAIN, type AskNow, type CredentialRepair, type Repaired, respond, Tried } from './credential-repair.js';
import type { GatewayHeaders } from './gateway-headers.js';
import type { Headers, LetheConnection } from './lethe-connection.js';
import type { ModernHeaders } from './modern-headers.js';
import { SESSION_ID } from './legacy-session.js';
import { asksSeveral, useOf } from './proof-counts.js';
import { type Ending, type MessageSink, readEvents, readResponse, STREAM_STALL_MS } from './responses.js';
import { type ToldFailure, toldFailure } from './told-failure.js';
import { isModern } from './told-text.js';

const RETRY_MS = 1_000;
/** Id of the bridge's own `tools/list`. */
const TOOLS_ID = 'lethe-tools';
/** How often the stream of one call may be cut without an event between. */
const MOST_CUTS = 10;

/** How the requests of one client get to Lethe. */
export interface CallRelayParts {
  connection: LetheConnection;
  headers: GatewayHeaders;
  modern: ModernHeaders;
  /** Headers of the client's session, which a modern client does not have. */
  sessionHeaders: () => Headers;
  /** Begins the session anew, unless it is another one by now than that of these headers. */
  reopen: (sent: Headers) => Promise<void>;
  repair: CredentialRepair;
  askNow: () => AskNow;
}

type Failure =
  | ToldFailure
  | { readonly kind: 'nonce'; readonly json: string }
  | { readonly kind: 'session'; readonly json: string; readonly sent: Headers };

/** Sends a request to Lethe until there is a response to pass on. Repeats it only where Lethe says that it was not carried out. */
export class CallRelay {
  constructor(private readonly parts: CallRelayParts) {}

  /** @throws CliError; Error of the connection */
  async relay(request: RpcRequest, sink: MessageSink, signal: AbortSignal, tried = new Tried()): Promise<void> {
    for (;;) {
      const failure = await this.attempt(request, sink, tried, signal);
      if (!failure) return;
      const outcome = await this.repair(request, failure, tried, signal);
      if (outcome.as === 'response') return sink.message(outcome.json, true);
    }
  }

  private async attempt(
    request: RpcRequest,
    sink: MessageSink,
    tried: Tried,
    signal: AbortSignal,
  ): Promise<Failure | undefined> {
    const { connection, headers, sessionHeaders, modern } = this.parts;
    const sent = await headers.current(useOf(request));
    tried.tokens = sent.tokens;
    const protocol = isModern(request) ? modern.of(request) : sessionHeaders();
    const response = await connection.post(request.bytes, { ...sent.headers, ...protocol }, signal);
    const wantsNonce = headers.learn(response, sent);
    if (wantsNonce && asksSeveral(request) && tried.first('nonce')) {
      response.destroy();
      return this.attempt(request, sink, tried, signal);
    }
    const isEnded = response.statusCode === 404 && SESSION_ID in protocol;
    let failure: Failure | undefined;
    const checked: MessageSink = {
      long: (chunks) => sink.long(chunks),
      message: async (json, isResponse) => {
        if (isResponse) failure = isEnded ? { kind: 'session', json, sent: protocol } : toldFailure(json);
        if (!failure) await sink.message(json, isResponse);
      },
    };
    let ending = await readResponse(response, request.id, checked);
    for (let cuts = 0; ending.as === 'cut';) {
      const next = await this.resume(ending, cuts, checked, signal);
      // A server that has the client poll cuts after each event.
      cuts = next.as === 'cut' && next.lastEventId === ending.lastEventId ? cuts + 1 : 0;
      ending = next;
    }
    return wantsNonce && failure?.kind === 'credential' ? { kind: 'nonce', json: failure.json } : failure;
  }

  /** The rest of a stream (MCP 2025-11-25, resumability and redelivery). */
  private async resume(
    { lastEventId, retryMs = RETRY_MS }: Extract<Ending, { as: 'cut' }>,
    cuts: number,
    sink: MessageSink,
    signal: AbortSignal,
  ): Promise<Ending> {
    if (lastEventId === undefined || cuts >= MOST_CUTS) throw cutOff();
    await pause(boundedRetryMs(retryMs), undefined, { signal });
    const { connection, headers, sessionHeaders } = this.parts;
    const again: Ending = { as: 'cut', lastEventId, retryMs };
    const own = (await headers.current('stream')).headers;
    const place = { ...own, ...sessionHeaders(), 'Last-Event-ID': lastEventId };
    const response = await connection.get(place, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    if (!response) return again;
    const { statusCode = 0 } = response;
    if (!isGetStream(statusCode, response.headers)) {
      response.resume();
      // Lethe, or what is before it, may be there again soon.
      if (statusCode >= 500) return again;
      throw cutOff();
    }
    const ending = await readEvents(response, STREAM_STALL_MS, (json, isResponse) => sink.message(json, isResponse));
    return ending.as === 'cut' ? { ...ending, lastEventId: ending.lastEventId ?? lastEventId } : ending;
  }

  private async repair(request: RpcRequest, failure: Failure, tried: Tried, signal: AbortSignal): Promise<Repaired> {
    const { repair, reopen, askNow } = this.parts;
    if (failure.kind === 'credential') return repair.repair(request, failure, tried, askNow());
    if (!tried.first(failure.kind)) return respond(failure.json);
    if (failure.kind === 'nonce') return AGAIN;
    if (failure.kind === 'session') await reopen(failure.sent);
    else if (isModern(request)) await this.learnHeaders(request, signal);
    else return respond(failure.json);
    return AGAIN;
  }

  private async learnHeaders(request: RpcRequest, signal: AbortSignal): Promise<void> {
    const { connection, headers, modern } = this.parts;
    await modern.learn(request, async (params) => {
      const own = (await headers.current('list')).headers;
      const protocol = modern.of({ method: 'tools/list', params });
      const list = encodeRequest(TOOLS_ID, 'tools/list', params);
      const response = await connection.post(list, { ...own, ...protocol }, signal);
      return wholeMessage(response, TOOLS_ID);
    });
  }
}

/** The response to a request of the bridge. */
export async function wholeMessage(response: IncomingMessage, id: RpcId): Promise<string> {
  let answer = '{}';
  await readResponse(response, id, {
    message: (json, isResponse) => {
      if (isResponse) answer = json;
      return Promise.resolve();
    },
    long: async (chunks) => {
      const kept: Buffer[] = [];
      for await (const chunk of chunks) kept.push(chunk);
      answer = Buffer.concat(kept).toString('utf8');
    },
  });
  return answer;
}

/** A response for what kept a request from one. @param origin of Lethe */
export function errorResponse({ id }: RpcRequest, error: unknown, origin: string): string {
  const { code, message, notes } = error instanceof CliError ? error : unanswered(origin);
  return encodeError(id, { code: -32603, message: [message, ...notes].join('. '), data: { reason: code } });
}

function unanswered(origin: string): CliError {
  // Such an error may quote headers, so it is not shown.
  return new CliError('unreachable', 'lethe_unreachable', `There was no whole answer from ${origin}; it may have been carried out`);
} // prettier-ignore

function cutOff(): CliError {
  return new CliError('unreachable', 'response_cut', 'The response ended early; the request may have been carried out');
}
