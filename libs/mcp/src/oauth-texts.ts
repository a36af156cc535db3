import { OAUTH_LIMITS } from '@lethe/contracts';

/** https://www.rfc-editor.org/rfc/rfc6749#appendix-A: NQCHAR */
const VISIBLE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
/** https://www.rfc-editor.org/rfc/rfc9449#section-8.1 */
const MAX_NONCE = 256;
/** Of scope tokens, those that no shell makes anything of, and that can stand in a sentence. */
const PLAIN_TOKEN = /^[A-Za-z0-9][A-Za-z0-9:/._-]*$/;
const MAX_PLAIN_SCOPE = 1_024;

/** Whether a text is one scope token that is not too long. https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
export function isScopeToken(text: string): boolean {
  return text.length <= OAUTH_LIMITS.maxScopeLength && VISIBLE.test(text);
}

/** Whether a scope, which is the upstream's text, may stand in a command that a person is told to run. */
export function isPlainScope(scope: string, { maxTokens = Infinity, maxTokenLength = Infinity } = {}): boolean {
  if (scope.length > MAX_PLAIN_SCOPE) return false;
  const tokens = scope.split(' ');
  return (
    tokens.length <= maxTokens && tokens.every((token) => token.length <= maxTokenLength && PLAIN_TOKEN.test(token))
  );
}

/** Whether a text is a nonce for proofs of possession that is not too long. https://www.rfc-editor.org/rfc/rfc9449#section-8.1 */
export function isDpopNonce(text: string): boolean {
  return text.length <= MAX_NONCE && VISIBLE.test(text);
}
