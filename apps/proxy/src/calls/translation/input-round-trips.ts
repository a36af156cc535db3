import { randomUUID } from 'node:crypto';
import { encodeNotification, type ObjectText } from '@lethe/mcp';
import { completeWith, type Done, LetheError, promisify } from '@lethe/platform';
import { ClientDisconnected } from '../../http/request/request-body.js';
import type { RunningCall, RunningCalls } from '../../replicas/running-calls.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { ELICITATION, Elicitations } from '../../server-requests/elicitations.js';
import { StopReading } from '../../upstream/message-reader.js';
import { type ConnectionPools, traceHeaders, upstreamRequest } from '../../upstream/upstream-client.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import { ClientQuestions, type ClientQuestionsParts, ClientRefused } from './client-questions.js';
import type { EraTranslation } from './era-translation.js';
import { LEGACY_TO_MODERN, requestWithInput } from './legacy-to-modern.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import {
  canAnswer,
  type GivenInput,
  inputResponses,
  type RequiredInput,
  requiredInput,
} from './modern-input-requests.js';
import { sendTranslated } from './send-translated.js';
import { TranslatedResponse } from './translated-response.js';

/** How often an upstream may ask for input during one call. The server of the official SDK has the same limit. */
const MAX_ROUNDS = 8;
/** Largest number of requests to the client at the same time. */
const MAX_REQUESTS = 16;
/** An upstream that needs no input is asked again after this time. The official SDK waits as long. */
const RETRY_MS = 250;
/** The requests whose result may ask for input. */
const MAY_ASK = new Set(['tools/call', 'prompts/get', 'resources/read']);

/** The services that the round trips use. */
export interface InputRoundTripsParts extends ClientQuestionsParts {
  readonly pools: ConnectionPools;
  readonly running: RunningCalls;
  readonly notifications: NotificationFilters;
}

/**
 * Calls of legacy clients to modern upstreams. If the upstream needs input, Lethe asks the client on the call's stream and
 * repeats the request with the answers, until the upstream responds.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr
 */
export class InputRoundTrips {
  constructor(private readonly parts: InputRoundTripsParts) {}

  /** Errors passed to `done`: LetheError about the upstream; ClientDisconnected, also when the client cancels the call. */
  forward(call: UpstreamCall, done: Done): void {
    const roundTrips = new RoundTrips(call, this.parts);
    roundTrips.run(this.parts.running.trackUntil(call.session.callKey(call.message.id), roundTrips, done));
  }
}

/** The round trips of one call. An upstream that needs no input costs no promise. */
class RoundTrips implements RunningCall {
  private readonly writer: McpResponseWriter;
  private readonly translation: EraTranslation;
  /** What the upstream needs before it can respond. */
  private required: RequiredInput | undefined;
  /** URLs that the person agreed to open. */
  private readonly openedUrls: string[] = [];
  private isCancelled = false;
  /** Ends what is being waited for. */
  private abort: () => void = () => undefined;

  constructor(
    private readonly call: UpstreamCall,
    private readonly parts: InputRoundTripsParts,
  ) {
    this.writer = new McpResponseWriter(call);
    this.translation = { ...LEGACY_TO_MODERN, result: (_call, result) => this.result(result) };
  }

  run(done: Done): void {
    const ended: Done = (error) => done(error === undefined ? undefined : this.endWith(error));
    this.send(undefined, (error) => {
      if (error === undefined && this.required) completeWith(() => this.repeat(), ended);
      else ended(error);
    });
  }

  cancel(): void {
    this.isCancelled = true;
    this.abort();
  }

  /** Responds to the client after an error. Returns the error if it could not, because nothing has been sent yet. */
  private endWith(error: unknown): unknown {
    if (this.isCancelled) {
      this.writer.endUnanswered();
      return new ClientDisconnected('the client cancelled the call');
    }
    if (error instanceof ClientRefused) this.writer.finish({ error: error.error, status: 200 });
    else if (error instanceof LetheError && this.writer.hasBegun) this.writer.fail(error);
    else return error;
    return undefined;
  }

  private async repeat(): Promise<void> {
    for (let round = 1; this.required; round += 1) {
      if (round > MAX_ROUNDS) throw this.failed();
      const input = await this.collect(this.required);
      this.required = undefined;
      await promisify((done) => this.send(input, done));
    }
  }

  private send(input: GivenInput | undefined, done: Done): void {
    const { call, translation, writer } = this;
    const { credentials, message } = call;
    const { gateway, served } = credentials.access;
    // https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#client-requirements-basic-workflow
    const id = input ? randomUUID() : message.id;
    const body = translation.body(call);
    const session = { id: undefined, version: served.protocolVersion };
    const protocol = [...translation.headers(call, session), ...traceHeaders(call)];
    const request = upstreamRequest(credentials, 'POST', protocol, input ? requestWithInput(body, id, input) : body);
    const response = new TranslatedResponse(call, translation, writer, id, this.parts.notifications, () => undefined);
    sendTranslated(this.parts.pools.of(gateway.target), request, credentials, response, this.onAbortable, done);
  }

  private result(original: ObjectText): string {
    const required = MAY_ASK.has(this.call.message.method) ? requiredInput(original.text) : undefined;
    if (required === null) throw this.failed();
    if (required) {
      this.required = required;
      throw new StopReading('input required');
    }
    const result = LEGACY_TO_MODERN.result(this.call, original);
    this.completeUrls();
    return result;
  }

  private async collect({ requests, requestStateJson }: RequiredInput): Promise<GivenInput> {
    if (requests.length === 0) {
      await this.pause();
      return { responsesJson: undefined, requestStateJson };
    }
    const { clientCapabilities } = this.call.session;
    const isAllowed = requests.every((request) => canAnswer(clientCapabilities, request));
    if (!isAllowed || requests.length > MAX_REQUESTS) throw this.failed();
    const elicitations = Elicitations.of(this.call.credentials.access);
    const areSafe = requests.every(({ method, params }) => method !== ELICITATION || elicitations.edits(params));
    if (!areSafe) throw upstreamFailed(this.call.credentials.access, 'elicitation_url');
    const questions = new ClientQuestions(this.parts, this.call, this.writer);
    const { results, openedUrls } = await questions.ask(requests, this.onAbortable);
    this.openedUrls.push(...openedUrls);
    return { responsesJson: inputResponses(results), requestStateJson };
  }

  private pause(): Promise<undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), RETRY_MS);
    this.onAbortable(() => reject(new ClientDisconnected('the client cancelled the call')));
    return promise.finally(() => clearTimeout(timer));
  }

  /**
   * A modern upstream does not say when a URL was done with; that it responds does.
   * https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#url-mode-elicitation-requests
   */
  private completeUrls(): void {
    for (const elicitationId of this.openedUrls) {
      const complete = encodeNotification('notifications/elicitation/complete', { elicitationId });
      this.writer.messageBefore(complete.toString('utf8'));
    }
  }

  private readonly onAbortable = (abort: () => void): void => {
    this.abort = abort;
    if (this.isCancelled) abort();
  };

  private failed(): LetheError {
    return upstreamFailed(this.call.credentials.access, 'input_required');
  }
}
