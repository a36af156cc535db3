import { MARKS_BUCKET } from '@lethe/contracts';
import { isObject, parseJson } from '@lethe/mcp';
import { SnapshotStore } from '@lethe/messaging';
import { LetheError } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { type AuditHead, type AuditPart, EMPTY_CHAIN } from './trail/audit-chain.js';

const KEY = 'audit';
const PURPOSE = 'audit-head';

/**
 * How far the audit log goes, kept outside of the database: on the bus and in this process. Who can write to the database could
 * otherwise cut off the last entries, and what is left would be a whole chain.
 */
@Injectable()
export class AuditMarks {
  private newest: AuditHead | undefined;
  /** What the bus had when it was asked last. */
  private storedSeq: number | undefined;

  constructor(
    private readonly store: SnapshotStore,
    private readonly trust: Trust,
  ) {}

  /**
   * Keeps in this process an end that is committed: whoever has the database can't take it away from here. Only if it follows the end
   * that is known; otherwise somebody else has written meanwhile, and it counts when the log was compared with what is known.
   */
  note({ follows, head }: AuditPart): void {
    const { seq, hash } = this.newest ?? EMPTY_CHAIN;
    if (follows.seq === seq && follows.hash === hash) this.newest = head;
  }

  /** The farthest end that is known. Without the bus, that of this process. */
  async known(): Promise<AuditHead | undefined> {
    const stored = this.read(await this.stored());
    this.storedSeq = stored?.seq;
    if (stored && stored.seq > (this.newest?.seq ?? 0)) this.newest = stored;
    return this.newest;
  }

  /** Whether the bus lacks this end, because it is new or because the bus has lost it. */
  lacks({ seq }: AuditHead): boolean {
    return seq > (this.storedSeq ?? 0);
  }

  /**
   * Keeps on the bus an end that was read. More may have been written since then, which stays known here.
   * @throws LetheError `bus_unavailable`
   */
  async keep({ seq, hash }: AuditHead): Promise<void> {
    if (seq > (this.newest?.seq ?? 0)) this.newest = { seq, hash };
    const code = this.trust.rowsMac().tag(PURPOSE, { seq, hash });
    await this.store.put(MARKS_BUCKET, KEY, JSON.stringify({ seq, hash, code }));
  }

  private async stored(): Promise<string | undefined> {
    try {
      return await this.store.get(MARKS_BUCKET, KEY);
    } catch (error) {
      if (error instanceof LetheError) return undefined;
      throw error;
    }
  }

  /** Undefined for a text that no registry wrote. */
  private read(text: string | undefined): AuditHead | undefined {
    const value = text === undefined ? undefined : parseJson(text);
    if (!isObject(value)) return undefined;
    const { seq, hash, code } = value;
    if (typeof seq !== 'number' || typeof hash !== 'string' || typeof code !== 'string') return undefined;
    return this.trust.rowsMac().matches(PURPOSE, { seq, hash }, code) ? { seq, hash } : undefined;
  }
}
