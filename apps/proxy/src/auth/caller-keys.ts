import { hash } from 'node:crypto';
import { CALLER_KEY_PREFIX, type CallerEntry, KeysUsed } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';
import type { CallersMac } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';

const KEY = new RegExp(`^${CALLER_KEY_PREFIX}_(?<keyId>[A-Za-z0-9-]{1,64})_(?<secret>[A-Za-z0-9_-]{16,256})$`);
const REMEMBERED = 10_000;
const REPORT_EVERY_MS = 5_000;
/** A key is reported once in this time. */
const KEY_EVERY_MS = 60_000;
/** Keys in one notice, so that it fits into a message. */
const KEYS_PER_NOTICE = 2_000;

/** Why a key is not accepted. All but `key_unknown` are told only to who holds the whole key. */
export type KeyProblem = 'key_unknown' | 'key_revoked' | 'key_expired' | 'key_of_another_server';

/** Verifies the keys of callers, and reports to the registry which of them were used: soon, and then once a minute. */
export class CallerKeys {
  /** SHA-256 of a verified key -> its entry. When the key's entry changes, the key is verified again. */
  private readonly matched = new LRUCache<string, CallerEntry>({ max: REMEMBERED });
  /** By its id, for which virtual server a key was used last. */
  private readonly used = new Map<string, string>();
  /** By its id, when a key was reported in the last minute. */
  private readonly reported = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly callersMac: CallersMac,
    private readonly entryOf: (keyId: string) => CallerEntry | undefined,
    private readonly notices: Pick<NoticePublisher, 'publish'>,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.report(this.due(Date.now())), REPORT_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.report([...this.used]);
  }

  /**
   * The entry of a valid key that has not expired, is not revoked and may use this server.
   * @param serverId undefined for a virtual server that does not exist, which no key is for
   */
  verify(key: string, serverId: string | undefined, nowSeconds: number): CallerEntry | KeyProblem {
    const digest = hash('sha256', key, 'latin1');
    const known = this.matched.get(digest);
    const entry = known && this.entryOf(known.keyId) === known ? known : this.match(key, digest);
    if (!entry) return 'key_unknown';
    if (entry.revoked) return 'key_revoked';
    if (hasEnded(entry, nowSeconds)) return 'key_expired';
    if (serverId === undefined) return 'key_of_another_server';
    if (entry.servers !== '*' && !entry.servers.includes(serverId)) return 'key_of_another_server';
    this.used.set(entry.keyId, serverId);
    return entry;
  }

  private match(key: string, digest: string): CallerEntry | undefined {
    const { keyId, secret } = KEY.exec(key)?.groups ?? {};
    const entry = keyId === undefined ? undefined : this.entryOf(keyId);
    if (!entry || secret === undefined) return undefined;
    const scope = { keyId: entry.keyId, secret, servers: entry.servers, exp: entry.exp };
    if (!this.callersMac.matches(scope, entry.mac) || !this.hasGenuineRoles(entry)) return undefined;
    this.matched.set(digest, entry);
    return entry;
  }

  private hasGenuineRoles({ keyId, mac, roles, rolesMac }: CallerEntry): boolean {
    if (roles === undefined) return true;
    return rolesMac !== undefined && this.callersMac.matchesRoles({ keyId, mac, roles }, rolesMac);
  }

  /** Takes out the keys whose use is to be reported now; the others wait for their minute to pass. */
  private due(nowMs: number): [keyId: string, serverId: string][] {
    for (const [keyId, at] of this.reported) if (nowMs - at >= KEY_EVERY_MS) this.reported.delete(keyId);
    const due = [...this.used].filter(([keyId]) => !this.reported.has(keyId));
    for (const [keyId] of due) {
      this.used.delete(keyId);
      this.reported.set(keyId, nowMs);
    }
    return due;
  }

  /** A lost notice is not repeated: the next use reports the key again. */
  private async report(used: [keyId: string, serverId: string][]): Promise<void> {
    const at = new Date().toISOString();
    for (let from = 0; from < used.length; from += KEYS_PER_NOTICE) {
      const part = used.slice(from, from + KEYS_PER_NOTICE);
      const notice = { keyIds: part.map(([keyId]) => keyId), serverIds: part.map(([, serverId]) => serverId), at };
      await this.notices.publish(KeysUsed, notice).catch(() => undefined);
    }
  }
}

function hasEnded({ exp, endsAt }: CallerEntry, nowSeconds: number): boolean {
  return (exp !== null && exp <= nowSeconds) || (endsAt !== undefined && endsAt <= nowSeconds);
}
