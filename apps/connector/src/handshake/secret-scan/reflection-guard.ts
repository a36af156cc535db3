import { EncodedSearch } from './encoded-search.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { SecretMatcher } from './secret-matcher.js';

/**
 * Rejects a result that contains a secret in any string, member name or number, in plain or encoded form. Without this
 * check an upstream that prints a credential into its tools would make us store it.
 * @throws HandshakeFailure `upstream_reflects_credential` with a JSON pointer to the place
 */
export function guardAgainstReflection(result: unknown, secrets: readonly string[]): void {
  const matcher = new SecretMatcher(secrets);
  if (matcher.isEmpty) return;
  const pointer = findReflection(result, new EncodedSearch(matcher), '');
  if (pointer !== undefined) throw new HandshakeFailure('upstream_reflects_credential', { pointer });
}

/** Whether a text contains a secret, in plain or encoded form. */
export function isReflection(text: string, secrets: readonly string[]): boolean {
  const matcher = new SecretMatcher(secrets);
  return !matcher.isEmpty && new EncodedSearch(matcher).contains(text);
}

/** JSON pointer (RFC 6901) of the first value that contains a secret; of its object, if a member name does. */
function findReflection(value: unknown, search: EncodedSearch, pointer: string): string | undefined {
  if (typeof value === 'string') return search.contains(value) ? pointer : undefined;
  if (typeof value === 'number') return search.contains(String(value)) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (!isList && search.contains(name)) return pointer;
    const found = findReflection(member, search, `${pointer}/${pointerToken(name)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Replaces unusual member names: they come from the upstream and may contain the secret. */
function pointerToken(name: string): string {
  return /^[\w$.-]{1,40}$/.test(name) ? name : '*';
}
