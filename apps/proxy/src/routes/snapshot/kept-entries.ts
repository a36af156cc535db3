import { BUCKETS, type KeptEntry } from '@lethe/contracts';
import type { KeptGateways } from '../table/kept-gateways.js';
import type { AppliedRoutes } from './applied-routes.js';
import type { ManifestVerifier } from './manifest-verifier.js';
import { SignedEntries } from './signed-entries.js';
import type { DirtyKeys } from './stored-routes.js';

/** What an entry changes. */
interface Effects {
  /** Undefined if this proxy opens no kept credentials. */
  readonly kept?: KeptGateways;
  readonly dirtyKeys: DirtyKeys;
  readonly applied: AppliedRoutes;
  /** Writes the route file, and resolves with whether all is in it. */
  save(): Promise<boolean>;
}

/** The published kept credentials of gateways, of which none is taken after a newer one. */
export function keptEntries(verifier: ManifestVerifier, effects: Effects): SignedEntries<KeptEntry> {
  const { kept, dirtyKeys, applied } = effects;
  return new SignedEntries({
    verify: async (key, jws) => (kept ? verifier.kept(key, jws) : undefined),
    // A deletion that was signed later counts also if somebody has set back the row of which it is: it allows nothing.
    isOlder: (entry, known) => entry.sealed !== null && entry.keptRevision < known.keptRevision,
    onTaken: async (key, entry) => {
      dirtyKeys.note(BUCKETS.kept, key);
      const isOpen = (await kept?.take(entry)) ?? false;
      // A process that is killed now, and starts from its file, must not use it again.
      if (entry.sealed === null && !(await effects.save())) return;
      const tell = (isUsed: boolean): void => {
        if (isUsed) applied.note(BUCKETS.kept, key, entry.revision);
      };
      // Not earlier: who hears of it ends the former one at the upstream. An authorization server may take long.
      if (isOpen) void kept?.whenUsed(key).then(tell);
    },
  });
}
