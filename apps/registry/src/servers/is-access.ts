import { JWT_ALGORITHMS, ROLE, type ServerAccess } from '@lethe/contracts';
import { ValidateBy } from 'class-validator';

const NAMES = ['algorithms', 'audience', 'issuer', 'jwksUri', 'kind'];
const MAX_ROLE_VALUES = 500;
const MAX_ROLE_VALUE = 256;
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
