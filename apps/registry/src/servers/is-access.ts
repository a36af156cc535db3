import { JWT_ALGORITHMS, type ServerAccess } from '@lethe/contracts';
import { ValidateBy } from 'class-validator';

const NAMES = ['algorithms', 'audience', 'issuer', 'jwksUri', 'kind'];
/** Compared with the claims of tokens, character by character. */
const TEXT = /^[\x21-\x7e]{1,512}$/;
const MAX_URL = 2_048;

/** The schema of what `IsAccess` accepts. */
export const ACCESS_SCHEMA = {
  description: 'Who may call: callers with a key, anyone, or callers with a token of this issuer',
  oneOf: [
    { type: 'string', enum: ['key', 'open'] },
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'issuer', 'audience', 'jwksUri', 'algorithms'],
      properties: {
        kind: { type: 'string', enum: ['jwt'] },
        issuer: { type: 'string', format: 'uri', pattern: TEXT.source },
        audience: { type: 'string', pattern: TEXT.source },
        jwksUri: { type: 'string', maxLength: MAX_URL },
        algorithms: {
          type: 'array',
          minItems: 1,
          maxItems: JWT_ALGORITHMS.length,
          uniqueItems: true,
          items: { type: 'string', enum: [...JWT_ALGORITHMS] },
        },
      },
    },
  ],
};

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
