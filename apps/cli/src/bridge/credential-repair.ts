import type { RpcRequest } from '@lethe/mcp';
import { type Asked, type Asking, asCliError } from './asking.js';
import type { GatewayHeaders } from './gateway-headers.js';
import { offersUrls } from './legacy-session.js';
import type { LoginWish } from './login-offers.js';
import type { CredentialFailure } from './told-failure.js';
import { capabilitiesOf, isModern, loginText, variableText } from './told-text.js';

/** What becomes of a request that failed: it is sent again, or this is its response. */
export type Repaired = { readonly as: 'again' } | { readonly as: 'response'; readonly json: string };

/** The request is sent again. */
export const AGAIN: Repaired = { as: 'again' };

/** This is the response. */
export function respond(json: string): Repaired {
  return { as: 'response', json };
}

/** What was tried for a request that failed; nothing is tried twice. */
export class Tried {
  private readonly done = new Set<string>();
  /** The token of each gateway in the last attempt. */
  tokens: ReadonlyMap<string, string> = new Map();

  /** Whether this is the first time. */
  first(what: string): boolean {
    const isFirst = !this.done.has(what);
    this.done.add(what);
    return isFirst;
  }
}

/** Asks the person within a legacy session; undefined where the client does not show URLs. */
export type AskNow = ((target: LoginWish) => Promise<Asked>) | undefined;

/** A request that a modern client has sent again: it goes on, or this is its response. */
export type Resumed =
  | { readonly as: 'request'; readonly request: RpcRequest; readonly tried: Tried }
  | { readonly as: 'response'; readonly json: string };

/** Does what may help a request whose credential is missing or was rejected: a refresh, a login, or a text that asks for one. */
export class CredentialRepair {
  /** @param command what starts a command in a terminal */
  constructor(
    private readonly headers: GatewayHeaders,
    private readonly asking: Asking,
    private readonly command: string,
  ) {}

  async repair(request: RpcRequest, failure: CredentialFailure, tried: Tried, askNow: AskNow): Promise<Repaired> {
    const { gateway, isAboutToken, why, scope, json } = failure;
    const target = this.headers.targetOf(gateway);
    const variables = this.headers.variablesOf(gateway);
    if (isAboutToken && !target && variables.length > 0) return respond(variableText(request, failure, variables));
    if (!isAboutToken || !target) return respond(json);
    const sent = tried.tokens.get(gateway);
    // A refresh gives no more than the login was for (RFC 6749, section 6).
    const another = (): Promise<boolean> =>
      why === 'scope' ? this.headers.reread(gateway, sent) : this.headers.renew(gateway, sent);
    if (tried.first(`token ${gateway}`) && (await another())) return AGAIN;
    if (!tried.first('person')) return respond(json);
    const repaired = await this.ask(request, failure, { ...target, scope }, askNow);
    if (repaired.as === 'again') await this.headers.renew(gateway, sent);
    return repaired;
  }

  /** Undefined for a request that the bridge has not asked for. */
  async resumed(request: RpcRequest): Promise<Resumed | undefined> {
    const answer = isModern(request) ? await this.asking.answered(request) : undefined;
    if (!answer) return undefined;
    const { asked, target, request: before } = answer;
    if (asked !== 'logged-in') return { as: 'response', json: this.textFor(request, undefined, target, asked) };
    await this.headers.reread(target.gateway, undefined);
    const tried = new Tried();
    tried.first('person');
    return { as: 'request', request: before, tried };
  }

  private async ask(
    request: RpcRequest,
    failure: CredentialFailure,
    target: LoginWish,
    askNow: AskNow,
  ): Promise<Repaired> {
    const tell = (why = this.headers.whyNot(target.gateway)): Repaired =>
      respond(this.textFor(request, failure, target, why));
    try {
      if (isModern(request)) {
        const isOffered = offersUrls(capabilitiesOf(request));
        return isOffered ? respond(await this.asking.inputRequired(request, target)) : tell();
      }
      if (!askNow) return tell();
      const asked = await askNow(target);
      return asked === 'logged-in' ? AGAIN : tell(asked);
    } catch (error) {
      return tell(asCliError(error));
    }
  }

  private textFor(
    request: RpcRequest,
    failure: CredentialFailure | undefined,
    target: LoginWish,
    why: ReturnType<GatewayHeaders['whyNot']>,
  ): string {
    return loginText(request, failure, target, { why, command: this.command });
  }
}
