import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeNotification } from '@lethe/mcp';
import { completeWith, type Done, LetheError, promisify } from '@lethe/platform';
import { ClientDisconnected } from '../../http/request/request-body.js';
import type { RunningCalls } from '../../replicas/running-calls.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { StopReading } from '../../upstream/message-reader.js';
import { type ConnectionPools, traceHeaders, upstreamRequest } from '../../upstream/upstream-client.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import { ClientQuestions, type ClientQuestionsParts, ClientRefused } from './client-questions.js';
import type { EraTranslation } from './era-translation.js';
import { LEGACY_TO_MODERN, requestWithInput } from './legacy-to-modern.js';
import { McpResponseWriter } from './mcp-response-writer.js';
import { canAnswer, type GivenInput, inputResponses, type RequiredInput, requiredInput } from './required-input.js';
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
    const { pools, running } = this.parts;
    const cancellation = new AbortController();
    const forget = running.track(call.session.callKey(call.message.id), { cancel: () => cancellation.abort() });
    const writer = new McpResponseWriter(call.response, call.message.id);
    const questions = new ClientQuestions(this.parts, call, writer, cancellation.signal);
    const run = (): Promise<void> => new RoundTrips(call, pools, writer, questions, cancellation.signal).run();
    completeWith(() => run().finally(forget), done);
  }
}

/** The round trips of one call. */
class RoundTrips {
  /** URLs that the person agreed to open. */
  private readonly openedUrls: string[] = [];

  constructor(
    private readonly call: UpstreamCall,
    private readonly pools: ConnectionPools,
    private readonly writer: McpResponseWriter,
    private readonly questions: ClientQuestions,
    private readonly cancelled: AbortSignal,
  ) {}

  async run(): Promise<void> {
    try {
      await this.respond();
    } catch (error) {
      if (this.cancelled.aborted) {
        this.writer.endUnanswered();
        throw new ClientDisconnected('the client cancelled the call');
      }
      if (error instanceof ClientRefused) this.writer.finish({ error: error.error, status: 200 });
      else if (error instanceof LetheError) this.writer.fail(error);
      else throw error;
    }
  }

  private async respond(): Promise<void> {
    let input: GivenInput | undefined;
    for (let round = 0; ; round += 1) {
      const required = await this.send(input);
      if (!required) return;
      if (round === MAX_ROUNDS) throw this.failed();
      input = await this.collect(required);
    }
  }

  /** Sends the request. Undefined when the client has its response. */
  private async send(input: GivenInput | undefined): Promise<RequiredInput | undefined> {
    const { call, pools, writer } = this;
    const { credentials, message, headers } = call;
    let required: RequiredInput | undefined;
    const translation = this.translation((found) => (required = found));
    // https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/mrtr#client-requirements-basic-workflow
    const id = input ? randomUUID() : message.id;
    const body = translation.body(call);
    const session = { id: undefined, version: credentials.access.gateway.protocolVersion };
    const request = upstreamRequest(
      credentials,
      'POST',
      [...translation.headers(call, session), ...traceHeaders(headers)],
      input ? requestWithInput(body, id, input) : body,
    );
    const response = new TranslatedResponse(call, translation, writer, id, () => undefined);
    const pool = pools.of(credentials.access.gateway.target);
    await promisify((done) =>
      sendTranslated(pool, request, credentials.access, response, (abort) => this.onCancelled(abort), done),
    );
    return required;
  }

  private translation(onRequired: (required: RequiredInput) => void): EraTranslation {
    return {
      ...LEGACY_TO_MODERN,
      result: (call, json) => {
        const required = MAY_ASK.has(call.message.method) ? requiredInput(json) : undefined;
        if (required === null) throw this.failed();
        if (required) {
          onRequired(required);
          throw new StopReading('input required');
        }
        const result = LEGACY_TO_MODERN.result(call, json);
        this.completeUrls();
        return result;
      },
    };
  }

  private async collect({ requests, requestStateJson }: RequiredInput): Promise<GivenInput> {
    if (requests.length === 0) {
      await wait(RETRY_MS, undefined, { signal: this.cancelled });
      return { responsesJson: undefined, requestStateJson };
    }
    const { clientCapabilities } = this.call.session;
    const isAllowed = requests.every((request) => canAnswer(clientCapabilities, request));
    if (!isAllowed || requests.length > MAX_REQUESTS) throw this.failed();
    const { results, openedUrls } = await this.questions.ask(requests);
    this.openedUrls.push(...openedUrls);
    return { responsesJson: inputResponses(results), requestStateJson };
  }

  /**
   * A modern upstream does not say when a URL was done with; that it responds does.
   * https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#url-mode-elicitation-requests
   */
  private completeUrls(): void {
    for (const elicitationId of this.openedUrls) {
      const complete = encodeNotification('notifications/elicitation/complete', { elicitationId });
      this.writer.notification(complete.toString('utf8'));
    }
  }

  private onCancelled(abort: () => void): void {
    if (this.cancelled.aborted) abort();
    else this.cancelled.addEventListener('abort', abort, { once: true });
  }

  private failed(): LetheError {
    return upstreamFailed(this.call.credentials.access, 'input_required');
  }
}
