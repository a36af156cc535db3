import { JWT_ALGORITHMS, type ServerAccess } from '@lethe/contracts';
import { ValidateBy } from 'class-validator';

const NAMES = ['algorithms', 'audience', 'issuer', 'jwksUri', 'kind'];
/** Compared with the claims of tokens, character by character. */
const TEXT = /^[\x21-\x7e]{1,512}$/;
const MAX_URL = 2_048;

/**
 * Validates `key`, `open`, or an issuer of tokens. `jwksUri` is checked later, like every URL that Lethe connects to.
 */
export function IsAccess(): PropertyDecorator {
  return ValidateBy({ name: 'isAccess', validator: { validate: isAccess } });
}

function isAccess(value: unknown): value is ServerAccess {
  if (value === 'key' || value === 'open') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Object.keys(value).sort().join() !== NAMES.join()) return false;
  const { kind, issuer, audience, jwksUri, algorithms } = value as Record<string, unknown>;
  return (
    kind === 'jwt' &&
    isText(issuer) &&
    URL.canParse(issuer) &&
    isText(audience) &&
    typeof jwksUri === 'string' &&
    jwksUri.length <= MAX_URL &&
    isAlgorithms(algorithms)
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && TEXT.test(value);
}

/** Asymmetric algorithms only, each at most once. */
function isAlgorithms(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return false;
  return value.every((name) => JWT_ALGORITHMS.some((known) => known === name));
}
