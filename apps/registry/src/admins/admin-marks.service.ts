import { MARKS_BUCKET } from '@lethe/contracts';
import { isObject, parseJson } from '@lethe/mcp';
import { SnapshotStore, type SnapshotWatch } from '@lethe/messaging';
import { LOGGER, type Logger, sleep } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';

const PURPOSE = 'admin-mark';
const KEY = /^admin-([0-9a-f]{16})$/;
/** How long the start waits until the marks are known. */
const START_MS = 5_000;

/** The newest version of an administrator's row; null if the row was deleted. */
type Version = number | null;

/**
 * The newest version of each administrator's row, kept on the bus. Who can write to the database could otherwise put back a row
 * of a backup, with a role or token of then, or of somebody who was deleted: its authentication codes are genuine.
 */
@Injectable()
export class AdminMarks {
  private readonly newest = new Map<string, Version>();
  private watch: SnapshotWatch | undefined;

  constructor(
    private readonly store: SnapshotStore,
    private readonly trust: Trust,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves when the marks are known, or after a few seconds if the bus is unavailable. */
  async start(): Promise<void> {
    this.watch = await this.store.watch(MARKS_BUCKET, ({ key, value }) => this.read(key, value));
    await Promise.race([this.areKnown(this.watch), sleep(START_MS, { ref: false })]);
  }

  async stop(): Promise<void> {
    await this.watch?.stop();
  }

  /** Whether this is the newest version that is known, or newer. */
  allows({ id, version }: { id: string; version: number }): boolean {
    const known = this.newest.get(id);
    return known !== null && version >= (known ?? 0);
  }

  /** Call it once the change is committed. Without the bus, only this process knows. */
  advance(id: string, version: Version): Promise<void> {
    this.note(id, version);
    return this.put(id, version);
  }

  private async put(id: string, version: Version): Promise<void> {
    const code = this.trust.rowsMac().tag(PURPOSE, { id, version });
    await this.store
      .put(MARKS_BUCKET, `admin-${id}`, JSON.stringify({ version, code }))
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'A change of an administrator is not marked on the bus'),
      );
  }

  /** Reading creates a missing bucket; its watch is then ready at once. */
  private async areKnown({ ready }: SnapshotWatch): Promise<void> {
    try {
      await this.store.get(MARKS_BUCKET, 'none');
      await ready;
    } catch (error) {
      this.logger.warn({ err: error }, 'Started without the marks of administrators: the bus is unavailable');
    }
  }

  /** Ignores what no registry wrote, and writes again what the bus has lost. */
  private async read(key: string, text: string | undefined): Promise<void> {
    const id = KEY.exec(key)?.[1];
    if (id === undefined) return;
    const known = this.newest.get(id);
    if (text === undefined) return known === undefined ? undefined : this.put(id, known);
    const value = parseJson(text);
    if (!isObject(value)) return;
    const { version = null, code } = value;
    if (typeof code !== 'string' || (version !== null && typeof version !== 'number')) return;
    if (this.trust.rowsMac().matches(PURPOSE, { id, version }, code)) this.note(id, version);
  }

  private note(id: string, version: Version): void {
    const known = this.newest.get(id);
    if (known === null) return;
    this.newest.set(id, version === null ? null : Math.max(version, known ?? 0));
  }
}
