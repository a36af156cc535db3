import { randomBytes } from 'node:crypto';

/** So that the id has at most the 64 characters of `RoutesApplied`. A pod's name is what tells it apart to its last character. */
const MAX_HOST = 51;
const RANDOM_BYTES = 6;

/** The id of a replica, another one at each start: the name of its host, `/`, and random digits. */
export function replicaId(host: string): string {
  return `${host.slice(0, MAX_HOST)}/${randomBytes(RANDOM_BYTES).toString('hex')}`;
}
