import { createHash } from 'node:crypto';
import type { CallerEntry } from '@lethe/contracts';
import type { CallersMac } from '@lethe/sealing';

const KEY = /^lethe_key_(?<keyId>[A-Za-z0-9-]{1,64})_(?<secret>[A-Za-z0-9_-]{16,256})$/;
const REMEMBERED = 10_000;

/** Finds and checks the published entry of a caller's key. */
export class KeyVerifier {
  /** SHA-256 of keys that matched -> mac of the entry they matched; a changed entry is checked anew. */
  private readonly matched = new Map<string, string>();

  constructor(
    private readonly callersMac: CallersMac,
    private readonly entryOf: (keyId: string) => CallerEntry | undefined,
  ) {}

  /** The entry of a key that is right, in force, and good for this server. */
  verify(key: string, serverId: string, nowSeconds: number): CallerEntry | undefined {
    const { keyId, secret } = KEY.exec(key)?.groups ?? {};
    const entry = keyId === undefined ? undefined : this.entryOf(keyId);
    if (!entry || secret === undefined || entry.revoked) return undefined;
    if (entry.exp !== null && entry.exp <= nowSeconds) return undefined;
    if (entry.servers !== '*' && !entry.servers.includes(serverId)) return undefined;
    return this.isRight(key, secret, entry) ? entry : undefined;
  }

  private isRight(key: string, secret: string, entry: CallerEntry): boolean {
    const hash = createHash('sha256').update(key).digest('base64');
    const scope = { keyId: entry.keyId, secret, servers: entry.servers, exp: entry.exp };
    // The mac covers the scope; an entry that differs from the one that matched has another mac.
    const known = `${entry.mac} ${entry.revision}`;
    if (this.matched.get(hash) === known) return true;
    if (!this.callersMac.matches(scope, entry.mac)) return false;
    if (this.matched.size >= REMEMBERED) this.matched.clear();
    this.matched.set(hash, known);
    return true;
  }
}
