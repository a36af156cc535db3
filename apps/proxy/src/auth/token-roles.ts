import { ROLE, type TokenRoles } from '@lethe/contracts';
import { claimTexts } from '@lethe/platform';

/**
 * The roles that a token's claims give to its subject; none for a claim that is missing, or is neither a text nor an array of
 * texts.
 */
export function tokenRoles(claims: Readonly<Record<string, unknown>>, { claim, map }: TokenRoles): string[] {
  const values = claimTexts(claims, claim);
  const roles = map ? values.flatMap((value) => (Object.hasOwn(map, value) ? [map[value]] : [])) : values;
  return [...new Set(roles.filter((role): role is string => typeof role === 'string' && ROLE.test(role)))];
}
