import {
  decodeMessage,
  editObject,
  encodeNotification,
  encodeRequest,
  encodeResult,
  isObject,
  memberText,
  parseJson,
  type RpcId,
  type RpcRequest,
  type RpcResponse,
} from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { LoginOffer, LoginOffers, LoginWish } from './login-offers.js';

const ELICITATION = 'elicitation/create';
/** Key of the one question in a modern result. */
const QUESTION = 'login';
/** Questions that a client has not come back to. */
const MAX_OPEN = 64;
const OWN_MEMBERS = ['inputResponses', 'requestState'] as const;

interface Open {
  readonly request: RpcRequest;
  readonly target: LoginWish;
  readonly offer: LoginOffer;
}

/** What became of a question: the person has logged in, or why not. */
export type Asked = 'logged-in' | CliError;

/** Asks the person to log in, by the client that offers to show them a URL (MCP, elicitation, URL mode). */
export class Asking {
  private readonly asked = new Map<string, Promise<Asked>>();
  /** Requests of the bridge to a legacy client. */
  private readonly waiting = new Map<RpcId, (json: string) => void>();
  /** Modern requests that a client sends again when the person has answered, by `requestState`. */
  private readonly open = new Map<string, Open>();
  private lastId = 0;

  /** @param send writes a message to the client */
  constructor(
    private readonly offers: LoginOffers,
    private readonly send: (json: string) => Promise<void>,
  ) {}

  /** Asks within a legacy session; calls that need the same login wait for the same answer. */
  askNow(target: LoginWish): Promise<Asked> {
    const { gateway } = target;
    const running = this.asked.get(gateway) ?? this.ask(target).finally(() => this.asked.delete(gateway));
    this.asked.set(gateway, running);
    return running;
  }

  /** The modern result that asks; the client then sends its request again. @throws CliError of the login */
  async inputRequired(request: RpcRequest, target: LoginWish): Promise<string> {
    const offer = await this.offers.begin(target);
    const state = crypto.randomUUID();
    this.open.set(state, { request, target, offer });
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_OPEN && oldest !== undefined) this.open.delete(oldest);
    const { url, message } = offer;
    const inputRequests = { [QUESTION]: { method: ELICITATION, params: { mode: 'url', message, url } } };
    return encodeResult(request.id, JSON.stringify({ resultType: 'input_required', inputRequests, requestState: state }));
  } // prettier-ignore

  /** What the person answered, if this request is one that was asked for; with the request as it was before. */
  async answered(request: RpcRequest): Promise<{ request: RpcRequest; target: LoginWish; asked: Asked } | undefined> {
    const { requestState, inputResponses } = request.params;
    const open = typeof requestState === 'string' ? this.open.get(requestState) : undefined;
    if (!open || typeof requestState !== 'string') return undefined;
    this.open.delete(requestState);
    const answer = isObject(inputResponses) ? inputResponses[QUESTION] : undefined;
    const asked = await this.outcome(open.target, open.offer, answer);
    return { request: asBefore(request, open.request), target: open.target, asked };
  }

  /** Takes a client's response, if it is to a question of the bridge. */
  take({ id, bytes }: RpcResponse): boolean {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    answer?.(bytes.toString('utf8'));
    return answer !== undefined;
  }

  /** Ends all questions. */
  close(): void {
    this.offers.cancel();
    for (const answer of this.waiting.values()) answer('{}');
  }

  private async ask(target: LoginWish): Promise<Asked> {
    try {
      const offer = await this.offers.begin(target);
      const { url, message } = offer;
      const elicitationId = crypto.randomUUID();
      const id = `lethe-login-${(this.lastId += 1)}-${elicitationId}`;
      const answered = new Promise<string>((resolve) => this.waiting.set(id, resolve));
      await this.send(encodeRequest(id, ELICITATION, { mode: 'url', message, url, elicitationId }).toString());
      const response = parseJson(await answered);
      const outcome = await this.outcome(target, offer, isObject(response) ? response['result'] : undefined);
      const isDone = outcome === 'logged-in';
      if (isDone) await this.send(encodeNotification('notifications/elicitation/complete', { elicitationId }).toString());
      return outcome;
    } catch (error) {
      return asCliError(error);
    }
  } // prettier-ignore

  private async outcome(target: LoginWish, offer: LoginOffer, answer: unknown): Promise<Asked> {
    if (!isObject(answer) || answer['action'] !== 'accept') {
      this.offers.cancel(target.gateway);
      return new CliError('cancelled', 'login_declined', 'The user did not sign in');
    }
    // To accept is to open the page, not yet to have signed in there.
    return offer.done.then((): Asked => 'logged-in', asCliError);
  }
}

/** The request that was sent again, without the answer: it is for the bridge alone. */
function asBefore(request: RpcRequest, before: RpcRequest): RpcRequest {
  const text = request.bytes.toString('utf8');
  const earlier = memberText(before.bytes.toString('utf8'), 'params') ?? '{}';
  const own = Object.fromEntries(OWN_MEMBERS.map((name) => [name, memberText(earlier, name)]));
  const params = editObject(memberText(text, 'params') ?? '{}', own);
  const decoded = decodeMessage(Buffer.from(editObject(text, { params })));
  return decoded.ok && decoded.message.kind === 'request' ? decoded.message : before;
}

/** Errors that are not for people say nothing about themselves. */
export function asCliError(error: unknown): CliError {
  return error instanceof CliError ? error : new CliError('unexpected', 'unexpected', 'The login failed');
}
