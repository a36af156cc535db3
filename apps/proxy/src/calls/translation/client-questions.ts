import { randomUUID } from 'node:crypto';
import { encodeNotification, isObject, memberText, parseJson } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { ClientDisconnected } from '../../http/request/request-body.js';
import { RPC, type RpcError, toRpcError } from '../../protocol/rpc-error.js';
import type { HeldRequest, PendingInputs } from '../../replicas/pending-inputs.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { ELICITATION, Elicitations } from '../../server-requests/elicitations.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import type { McpResponseWriter } from './mcp-response-writer.js';
import { isUrlElicitation, legacyRequest, type RequestedInput } from './modern-input-requests.js';

/** Where clients are asked, and for how long. */
export interface ClientQuestionsParts {
  readonly inputs: PendingInputs;
  readonly ids: SealedIds;
  readonly inputMs: number;
}

/** What the client answered. */
export interface ClientAnswers {
  /** Key of the input request, and the JSON of the client's result. */
  readonly results: readonly (readonly [key: string, resultJson: string])[];
  /** Ids of the URLs that the person agreed to open. */
  readonly openedUrls: readonly string[];
}

/** The client answered a request with an error. The specification has no form in which an upstream could get it. */
export class ClientRefused extends Error {
  override readonly name = 'ClientRefused';

  constructor(readonly error: RpcError) {
    super('the client answered with an error');
  }
}

/** One request to the client. */
interface Question {
  readonly key: string;
  readonly held: HeldRequest;
  readonly sealedId: string;
  readonly elicitationId: string | undefined;
}

/** Asks a legacy client, on the stream of its call, and waits for its answers, which may reach any replica. */
export class ClientQuestions {
  constructor(
    private readonly parts: ClientQuestionsParts,
    private readonly call: UpstreamCall,
    private readonly writer: McpResponseWriter,
  ) {}

  /**
   * Sends all requests at once. Those that are open when it fails are cancelled.
   * @param onAbortable gets the function that ends the waiting, for when the client cancels the call
   * @throws LetheError `input_unanswered`; ClientRefused; ClientDisconnected, also when the client cancels the call
   */
  async ask(requests: readonly RequestedInput[], onAbortable: (abort: () => void) => void): Promise<ClientAnswers> {
    const open = new Set<Question>();
    const results = new Map<string, string>();
    const openedUrls: string[] = [];
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const onAnswer = (question: Question, json: string): void => {
      open.delete(question);
      const answer = readAnswer(json);
      if ('error' in answer) return reject(new ClientRefused(answer.error));
      results.set(question.key, answer.resultJson);
      const { elicitationId } = question;
      if (elicitationId !== undefined && isAccepted(answer.resultJson)) openedUrls.push(elicitationId);
      if (open.size === 0) resolve(undefined);
    };
    const leave = (): void => reject(new ClientDisconnected('the client left'));
    const gateway = this.call.credentials.access.gateway.slug;
    const expire = (): void => reject(new LetheError('input_unanswered', { gateway }));
    const timer = setTimeout(expire, this.parts.inputMs);
    try {
      onAbortable(leave);
      this.call.response.onDisconnect(leave);
      for (const request of requests) open.add(this.send(request, onAnswer));
      await promise;
      return { results: requests.map(({ key }) => [key, results.get(key) ?? '{}'] as const), openedUrls };
    } finally {
      clearTimeout(timer);
      for (const question of open) this.withdraw(question);
    }
  }

  private send(request: RequestedInput, onAnswer: (question: Question, json: string) => void): Question {
    const { credentials, session } = this.call;
    const held = this.parts.inputs.expect((json) => onAnswer(question, json));
    const sealedId = this.parts.ids.sealHeld(session, held);
    const elicitationId = isUrlElicitation(request.params) ? randomUUID() : undefined;
    const question = { key: request.key, held, sealedId, elicitationId };
    const isElicitation = request.method === ELICITATION;
    const shown = isElicitation ? Elicitations.of(credentials.access).edits(request.params) : undefined;
    const json = legacyRequest(sealedId, request, shown ?? {}, elicitationId);
    this.writer.messageBefore(json);
    return question;
  }

  /** https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation */
  private withdraw({ held, sealedId }: Question): void {
    this.parts.inputs.forget(held);
    const cancelled = encodeNotification('notifications/cancelled', { requestId: sealedId });
    this.writer.messageBefore(cancelled.toString('utf8'));
  }
}

function readAnswer(json: string): { readonly resultJson: string } | { readonly error: RpcError } {
  const message = parseJson(json);
  const { result, error } = isObject(message) ? message : {};
  const resultJson = isObject(result) ? memberText(json, 'result') : undefined;
  if (resultJson !== undefined) return { resultJson };
  return { error: toRpcError(error) ?? { code: RPC.internalError, message: 'The client sent an invalid response' } };
}

function isAccepted(resultJson: string): boolean {
  const result = parseJson(resultJson);
  return isObject(result) && result['action'] === 'accept';
}
