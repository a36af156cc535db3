import { LetheError } from '@lethe/platform';
import type { Actor } from '../audit/trail/actor.js';
import type { AdminRole } from '@lethe/platform';

/** An authenticated administrator. */
export interface AdminIdentity extends Actor {
  kind: 'administrator' | 'oidc';
  role: AdminRole;
  /** When the token expires; null if it does not. */
  expiresAt: Date | null;
}

const identities = new WeakMap<object, AdminIdentity>();

/** Notes whose request this is. */
export function setIdentity(request: object, identity: AdminIdentity): void {
  identities.set(request, identity);
}

/**
 * The administrator behind a request that passed the guard.
 * @throws LetheError `unauthenticated` for any other request
 */
export function identityOf(request: object): AdminIdentity {
  const identity = identities.get(request);
  if (identity === undefined) throw new LetheError('unauthenticated');
  return identity;
}

/** Whether a request is that of an administrator, and has passed the guard. */
export function hasIdentity(request: object): boolean {
  return identities.has(request);
}

/** The identity as others may see it. */
export function actorOf({ kind, id, name, role }: Actor): Actor {
  return { kind, id, name, ...(role !== undefined && { role }) };
}
