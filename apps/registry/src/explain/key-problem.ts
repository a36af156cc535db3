import type { ServerAccess } from '@lethe/contracts';
import type { CallerKey } from '../keys/caller-key.entity.js';
import { hasKeyEnded } from '../keys/key-end.js';
import type { ExplainReason } from './reasons.js';

/** Why a virtual server would refuse this key; undefined if it would not. */
export function keyProblem(
  key: CallerKey | null,
  { id, access }: { id: string; access: ServerAccess },
  now: Date,
): ExplainReason | undefined {
  if (access === 'open') return undefined;
  if (typeof access === 'object') return 'key_instead_of_token';
  if (key === null) return 'key_unknown';
  if (key.revokedAt) return 'key_revoked';
  if (hasKeyEnded(key, now)) return 'key_expired';
  return key.servers === '*' || key.servers.includes(id) ? undefined : 'key_of_another_server';
}
