/** Roles of administrators; each may do what those before it may. */
export const ADMIN_ROLES = ['viewer', 'editor', 'admin'] as const;
/** One of `ADMIN_ROLES`. */
export type AdminRole = (typeof ADMIN_ROLES)[number];

/** Whether a role may do what another one is needed for. */
export function includesRole(role: AdminRole, needed: AdminRole): boolean {
  return ADMIN_ROLES.indexOf(role) >= ADMIN_ROLES.indexOf(needed);
}
