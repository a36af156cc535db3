import type { ErrorFacts } from './error-facts.js';

const PROOFS: Record<string, string> = {
  invalid_dpop_proof: ': it does not accept the proof of possession (DPoP)',
  use_dpop_nonce: ': it wants a proof of possession (DPoP) with its nonce',
};

/** What the upstream's challenge adds to the sentence that it rejected something. */
export function wantedText({ challengeError, wantedScope }: ErrorFacts): string {
  if (challengeError !== 'insufficient_scope') return PROOFS[challengeError] ?? '';
  return wantedScope === undefined ? ': it wants another scope' : `: it wants the scope "${wantedScope}"`;
}

/** How the user gets another token, where `lethe login` can get one. */
export function loginText({ slug, canLogIn, challengeError, wantedScope }: ErrorFacts): string {
  // Another login would have the same key, and a proof is made anew for each request.
  if (!canLogIn || challengeError in PROOFS) return '';
  const scope = challengeError === 'insufficient_scope' && wantedScope !== undefined ? ` --scope '${wantedScope}'` : '';
  return `; the user gets one by: lethe login <server> ${slug}${scope}`;
}
