import type { AdminRole } from '@lethe/platform';

/** Who did something: an administrator with a token of Lethe, one of the issuer's, or the registry on its own. */
export interface Actor {
  kind: 'administrator' | 'oidc' | 'registry';
  id: string;
  name: string;
  /** Absent for the registry. */
  role?: AdminRole;
}

/** The registry, where nobody asked for what it did. */
export const REGISTRY: Actor = { kind: 'registry', id: 'registry', name: 'registry' };
