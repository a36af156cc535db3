import type { AdminRole } from '@lethe/platform';

/** `oidc`: an administrator of the issuer; `service`: one that reports to the registry. */
export const ACTOR_KINDS = ['administrator', 'oidc', 'registry', 'service'] as const;

/** Who did something: an administrator with a token of Lethe, one of the issuer's, the registry on its own, or another service. */
export interface Actor {
  kind: (typeof ACTOR_KINDS)[number];
  id: string;
  name: string;
  /** Of administrators. */
  role?: AdminRole;
}

/** The registry, where nobody asked for what it did. */
export const REGISTRY: Actor = { kind: 'registry', id: 'registry', name: 'registry' };

/** A proxy, as it names itself: nothing proves which one it is. */
export function proxyActor(name: string): Actor {
  return { kind: 'service', id: 'proxy', name };
}
