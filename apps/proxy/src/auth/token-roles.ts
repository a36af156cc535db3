import { ROLE, type TokenRoles } from '@lethe/contracts';

/** Most values of a claim that are read. */
const MAX_VALUES = 1_000;

/**
 * The roles that a token's claims give to its subject; none for a claim that is missing, or is neither a text nor an array of
 * texts.
 */
export function tokenRoles(claims: Readonly<Record<string, unknown>>, { claim, map }: TokenRoles): string[] {
  const values = textsOf(valueAt(claims, claim)).slice(0, MAX_VALUES);
  const roles = map ? values.flatMap((value) => (Object.hasOwn(map, value) ? [map[value]] : [])) : values;
  return [...new Set(roles.filter((role): role is string => typeof role === 'string' && ROLE.test(role)))];
}

/** A claim with this whole name comes first: names of private claims are often URLs, which have dots. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.getOwnPropertyDescriptor(value, name)?.value;
  }
  return value;
}

/** A text is also a list of words, as `scope` is (RFC 6749, section 3.3). */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(' ')];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
