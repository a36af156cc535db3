import { CliError } from '../errors/cli.error.js';
import type { LoginScreens } from '../login/log-in.js';
import type { LoginTarget } from '../login/login-target.js';

/** How often the person is asked for more scopes of one gateway, by one bridge: an upstream could ask for ever more. */
const MOST_STEP_UPS = 3;

/** A login that a call needs. */
export interface LoginWish extends LoginTarget {
  /** What the token has to be for, besides what it was for before. */
  scope?: string | undefined;
}

/** A login that waits for the person to open a page. */
export interface LoginOffer {
  readonly url: string;
  /** For the person, who should know where they sign in and what for. */
  readonly message: string;
  /** Rejects with a CliError where it did not end well. */
  readonly done: Promise<unknown>;
}

/** Logs the person in at a target, with these screens. */
export type StartLogin = (wish: LoginWish, screens: LoginScreens, signal: AbortSignal) => Promise<unknown>;

/** Logins that a client was asked for. Each gateway has one at a time, however many calls wait for it. */
export class LoginOffers {
  private readonly running = new Map<string, { offer: Promise<LoginOffer>; ended: AbortController }>();
  private readonly stepUps = new Map<string, number>();

  constructor(private readonly start: StartLogin) {}

  /** Begins a login, up to the page. @throws CliError of the login */
  async begin(target: LoginWish): Promise<LoginOffer> {
    const running = this.running.get(target.gateway);
    if (running) return running.offer;
    if (target.scope !== undefined) this.countStepUp(target.gateway);
    const ended = new AbortController();
    const offer = new Promise<LoginOffer>((resolve, reject) => {
      const { scope } = target;
      let what =
        scope === undefined
          ? `Sign in for ${target.gateway}`
          : `Sign in again for ${target.gateway}, which asks for more: ${scope}`;
      const screens: LoginScreens = {
        firstUse: ({ gateway, resource, issuer }) => (what = `Sign in at ${issuer} for ${gateway} (${resource})`),
        page: (url) => {
          const message = `${what}. The page is at ${new URL(url).origin}; the tokens stay on this machine.`;
          resolve({ url, message, done });
          return Promise.resolve(undefined);
        },
        code: () => undefined,
      };
      const done = this.start(target, screens, ended.signal).finally(() => this.running.delete(target.gateway));
      done.catch(reject);
    });
    this.running.set(target.gateway, { offer, ended });
    return offer;
  }

  /** Ends the login of a gateway, or all. */
  cancel(gateway?: string): void {
    for (const [of, { ended }] of this.running) if (gateway === undefined || of === gateway) ended.abort();
  }

  private countStepUp(gateway: string): void {
    const count = (this.stepUps.get(gateway) ?? 0) + 1;
    this.stepUps.set(gateway, count);
    if (count <= MOST_STEP_UPS) return;
    throw new CliError('refused', 'scopes_again', `It has asked for more scopes ${MOST_STEP_UPS} times already`);
  }
}
