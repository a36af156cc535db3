import { JWT_ALGORITHMS, ROLE, type ServerAccess } from '@lethe/contracts';
import { ValidateBy } from 'class-validator';

const NAMES = ['algorithms', 'audience', 'issuer', 'jwksUri', 'kind'];
const MAX_ROLE_VALUES = 500;
const MAX_ROLE_VALUE = 256;
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
        roles: {
          type: 'object',
          additionalProperties: false,
          required: ['claim'],
          description: 'Where tokens have the roles of callers',
          properties: {
            claim: {
              type: 'string',
              pattern: TEXT.source,
              description: 'A claim, or a path with dots; a text with spaces or an array of texts',
            },
            map: {
              type: 'object',
              maxProperties: MAX_ROLE_VALUES,
              propertyNames: { type: 'string', minLength: 1, maxLength: MAX_ROLE_VALUE },
              additionalProperties: { type: 'string', pattern: ROLE.source },
              description: 'Value -> role; others are none',
            },
          },
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
  const { roles, ...required } = value as Record<string, unknown>;
  if (Object.keys(required).sort().join() !== NAMES.join()) return false;
  const { kind, issuer, audience, jwksUri, algorithms } = required;
  return (
    kind === 'jwt' &&
    isText(issuer) &&
    URL.canParse(issuer) &&
    isText(audience) &&
    typeof jwksUri === 'string' &&
    jwksUri.length <= MAX_URL &&
    isAlgorithms(algorithms) &&
    (roles === undefined || areTokenRoles(roles))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && TEXT.test(value);
}

function areTokenRoles(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { claim, map, ...others } = value as Record<string, unknown>;
  return Object.keys(others).length === 0 && isText(claim) && (map === undefined || isRoleMap(map));
}

function isRoleMap(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries: [string, unknown][] = Object.entries(value);
  const isEntry = ([from, role]: [string, unknown]): boolean =>
    from.length > 0 && from.length <= MAX_ROLE_VALUE && typeof role === 'string' && ROLE.test(role);
  return entries.length <= MAX_ROLE_VALUES && entries.every(isEntry);
}

/** Asymmetric algorithms only, each at most once. */
function isAlgorithms(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) return false;
  return value.every((name) => JWT_ALGORITHMS.some((known) => known === name));
}
