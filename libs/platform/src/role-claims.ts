import { ADMIN_ROLES, type AdminRole } from './admin-role.js';
import { claimTexts } from './claim-texts.js';

/** Which claim of a token says what its holder may do, and how. */
export interface RoleClaims {
  /** Name of the claim; dots lead into objects, unless a claim has the whole name. */
  claim: string;
  /** Roles by the claim's values; `*` is any token. */
  roles: ReadonlyMap<string, AdminRole>;
}

/** The form of the text that `readRoleClaims` reads, for people. */
export const ROLE_CLAIMS_RULE =
  'must be <claim>:<value>=<role>,<value>=<role>, such as groups:platform-admins=admin,platform=editor,*=viewer; roles are ' +
  `${ADMIN_ROLES.join(', ')}; a value with a comma is percent-encoded`;

/** The claim ends at the first colon, but that of `https://` belongs to its name. */
const FORM = /^\s*(?<claim>(?:[a-z][a-z0-9+.-]*:\/\/)?[^\s:=,]+)\s*:(?<pairs>.+)$/i;
const PAIR = /^\s*(?<value>\S(?:.*\S)?)\s*=\s*(?<role>[a-z]+)\s*$/;

/** Reads such as `groups:platform-admins=admin,platform=editor,*=viewer`; undefined for what has another form. */
export function readRoleClaims(text: string): RoleClaims | undefined {
  const { claim, pairs } = FORM.exec(text)?.groups ?? {};
  if (claim === undefined || pairs === undefined) return undefined;
  const roles = new Map<string, AdminRole>();
  for (const pair of pairs.split(',')) {
    const { value, role } = PAIR.exec(pair)?.groups ?? {};
    const plain = value === undefined ? undefined : decoded(value);
    if (plain === undefined || !isRole(role) || roles.has(plain)) return undefined;
    roles.set(plain, role);
  }
  return { claim, roles };
}

/** The highest role that the claims of a token give; undefined if none. */
export function roleOf({ claim, roles }: RoleClaims, claims: object): AdminRole | undefined {
  // A token that claims to have the value `*` has nothing more than any other.
  const values = [...claimTexts(claims, claim), '*'];
  return ADMIN_ROLES.findLast((role) => values.some((value) => roles.get(value) === role));
}

function isRole(role: string | undefined): role is AdminRole {
  return ADMIN_ROLES.some((known) => known === role);
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
