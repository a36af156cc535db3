import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { holdBearer, onRefused } from '../api/bearer.js';
import { whoami, type Whoami } from '../api/status.js';

/** Who is signed in in this page. */
export interface Session {
  administrator: Whoami | undefined;
  /** The registry has refused the token that this page had. */
  wasRefused: boolean;
}

let session: Session = { administrator: undefined, wasRefused: false };
const listeners = new Set<() => void>();
/** The last sign-in or sign-out: what an earlier sign-in is answered counts no more. */
let latest = {};

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

/** Who is signed in now. */
export function currentSession(): Session {
  return session;
}

/** Who is signed in, for a component. */
export function useSession(): Session {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentSession);
}

/**
 * Signs in with a token of an administrator or of the OIDC issuer. The page keeps it in memory alone. Of two sign-ins at the same
 * time the later one counts, and the other one ends without a word.
 * @throws Problem `unauthenticated` if the registry does not take it; Unreachable
 */
export async function signIn(queries: QueryClient, token: string): Promise<void> {
  const own = (latest = {});
  queries.clear();
  holdBearer(token);
  onRefused(() => {
    // A request of before that ends late must not sign anybody out who has just signed in.
    if (session.administrator) signOut(queries, true);
  });
  try {
    const administrator = await queries.query(whoami());
    if (latest === own) change({ administrator, wasRefused: false });
  } catch (error) {
    if (latest !== own) return;
    holdBearer(undefined);
    queries.clear();
    throw error;
  }
}

/** Forgets the token and everything that was read with it. */
export function signOut(queries: QueryClient, wasRefused = false): void {
  latest = {};
  holdBearer(undefined);
  queries.clear();
  change({ administrator: undefined, wasRefused });
}

const RANKS = { viewer: 0, editor: 1, admin: 2 } as const;

/** Whether the administrator who is signed in has at least this role. The registry checks it again. */
export function useMay(role: keyof typeof RANKS): boolean {
  const { administrator } = useSession();
  return administrator !== undefined && RANKS[administrator.role] >= RANKS[role];
}
