/** A sign-in at an issuer that was begun: what its answer is checked with. No token is among it. */
export interface OidcAttempt {
  issuer: string;
  /** RFC 7636: shows the token endpoint that the code is exchanged by who asked for it. */
  verifier: string;
  state: string;
  nonce: string;
  /** The path of the page where the person began. */
  returnTo: string;
}

const KEY = 'lethe.sign-in';

/** Keeps an attempt for this tab, until the browser is back from the issuer. */
export function keepAttempt(attempt: OidcAttempt): void {
  globalThis.sessionStorage.setItem(KEY, JSON.stringify(attempt));
}

/** The attempt of this tab, once; undefined if there is none. */
export function takeAttempt(): OidcAttempt | undefined {
  const kept = globalThis.sessionStorage.getItem(KEY);
  forgetAttempt();
  return kept === null ? undefined : readAttempt(kept);
}

/** Forgets what the tab has kept. */
export function forgetAttempt(): void {
  globalThis.sessionStorage.removeItem(KEY);
}

function readAttempt(kept: string): OidcAttempt | undefined {
  const read: unknown = JSON.parse(kept);
  const members = new Map<string, unknown>(typeof read === 'object' && read !== null ? Object.entries(read) : []);
  const [issuer, verifier, state, nonce, returnTo] = ['issuer', 'verifier', 'state', 'nonce', 'returnTo'].map(
    (name) => {
      const value = members.get(name);
      return typeof value === 'string' ? value : '';
    },
  );
  if (!issuer || !verifier || !state || !nonce) return undefined;
  return { issuer, verifier, state, nonce, returnTo: returnTo?.startsWith('/console/') ? returnTo : '/console/' };
}
