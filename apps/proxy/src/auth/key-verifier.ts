import { hash } from 'node:crypto';
import type { CallerEntry } from '@lethe/contracts';
import type { CallersMac } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';

const KEY = /^lethe_key_(?<keyId>[A-Za-z0-9-]{1,64})_(?<secret>[A-Za-z0-9_-]{16,256})$/;
const REMEMBERED = 10_000;

/** Finds the published entry of a caller's key and verifies the key. */
export class KeyVerifier {
  /** SHA-256 of a verified key -> its entry. When the key's entry changes, the key is verified anew. */
  private readonly matched = new LRUCache<string, CallerEntry>({ max: REMEMBERED });

  constructor(
    private readonly callersMac: CallersMac,
    private readonly entryOf: (keyId: string) => CallerEntry | undefined,
  ) {}

  /** The entry of a valid key that has not expired, is not revoked and may use this server; else undefined. */
  verify(key: string, serverId: string, nowSeconds: number): CallerEntry | undefined {
    const digest = hash('sha256', key, 'latin1');
    const known = this.matched.get(digest);
    const entry = known && this.entryOf(known.keyId) === known ? known : this.match(key, digest);
    if (!entry || entry.revoked) return undefined;
    if (entry.exp !== null && entry.exp <= nowSeconds) return undefined;
    return entry.servers === '*' || entry.servers.includes(serverId) ? entry : undefined;
  }

  private match(key: string, digest: string): CallerEntry | undefined {
    const { keyId, secret } = KEY.exec(key)?.groups ?? {};
    const entry = keyId === undefined ? undefined : this.entryOf(keyId);
    if (!entry || secret === undefined) return undefined;
    const scope = { keyId: entry.keyId, secret, servers: entry.servers, exp: entry.exp };
    if (!this.callersMac.matches(scope, entry.mac)) return undefined;
    this.matched.set(digest, entry);
    return entry;
  }
}
