import { readingsOf } from './encodings.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { Needles } from './secret-matcher.js';

/**
 * Refuses a result that holds a secret in any string, member name or number, in any disguise that is looked through.
 * An upstream that prints a credential into its tools would otherwise make us store it.
 */
export function guardAgainstReflection(result: unknown, secrets: readonly string[]): void {
  const needles = new Needles(secrets);
  if (needles.isEmpty) return;
  const pointer = findReflection(result, needles, '');
  if (pointer !== undefined) throw new HandshakeFailure('upstream_reflects_credential', { pointer });
}

/** JSON pointer (RFC 6901) of the first value that reflects; of the object, when it is the name of a member. */
function findReflection(value: unknown, needles: Needles, pointer: string): string | undefined {
  if (typeof value === 'string') return reflects(value, needles) ? pointer : undefined;
  if (typeof value === 'number') return reflects(String(value), needles) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const isList = Array.isArray(value);
  for (const [name, member] of Object.entries(value)) {
    if (!isList && reflects(name, needles)) return pointer;
    const found = findReflection(member, needles, `${pointer}/${pointerToken(name)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function reflects(text: string, needles: Needles): boolean {
  for (const reading of readingsOf(text)) if (needles.isIn(reading)) return true;
  return false;
}

/** Member names are the upstream's words too: only plain ones are repeated. */
function pointerToken(name: string): string {
  return /^[\w$.-]{1,40}$/.test(name) ? name : '*';
}
