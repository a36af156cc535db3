import { type Bucket, BUCKETS, FetchRoutes, type FetchRoutesReply } from '@lethe/contracts';
import { type RequestClient, RequestFailed } from '@lethe/messaging';
import type { RouteTable } from './route-table.js';
import type { UpdateResult } from './signed-entries.js';

const TIMEOUT_MS = 5_000;
/** Blocks per request; a reply contains as many of them as fit into one message. */
const DIGESTS_PER_REQUEST = 64;

/** Fetches what is published from a registry, for a proxy that missed something. */
export class RouteFetcher {
  constructor(
    private readonly requests: RequestClient,
    private readonly table: RouteTable,
    private readonly onUpdate: (bucket: Bucket, key: string, result: UpdateResult) => void,
  ) {}

  /** @throws RequestFailed when no registry answers */
  async fetchAll(now: () => number): Promise<void> {
    await this.eachPage(BUCKETS.callers, (key, value) => this.table.applyCaller(key, value));
    await this.eachPage(BUCKETS.servers, (key, value) => this.table.applyManifest(key, value));
    await this.fetchMissingBlocks(now);
    if (this.table.kept) await this.fetchKept();
  }

  /** A registry of an earlier release refuses this, and has published none. */
  private async fetchKept(): Promise<void> {
    try {
      await this.eachPage(BUCKETS.kept, (key, value) => this.table.applyKept(key, value));
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
    }
  }

  /** @throws RequestFailed when no registry answers */
  async fetchMissingBlocks(now: () => number): Promise<void> {
    let wanted = this.table.missingBlocks();
    while (wanted.length > 0) {
      const reply = await this.request({ bucket: BUCKETS.blocks, keys: wanted.slice(0, DIGESTS_PER_REQUEST) });
      for (const [digest, bytes] of reply.entries) this.table.applyBlock(digest, bytes, now());
      const got = new Set(reply.entries.map(([digest]) => digest));
      if (got.size === 0) wanted = wanted.slice(DIGESTS_PER_REQUEST);
      else wanted = wanted.filter((digest) => !got.has(digest));
    }
  }

  private async eachPage(bucket: Bucket, apply: (key: string, value: string) => Promise<UpdateResult>): Promise<void> {
    let cursor: string | undefined;
    do {
      const reply: FetchRoutesReply = await this.request({ bucket, ...(cursor !== undefined && { cursor }) });
      await Promise.all(reply.entries.map(async ([key, value]) => this.onUpdate(bucket, key, await apply(key, value))));
      cursor = reply.nextCursor === cursor ? undefined : reply.nextCursor;
    } while (cursor !== undefined);
  }

  private request(wanted: Pick<FetchRoutes, 'bucket' | 'keys' | 'cursor'>): Promise<FetchRoutesReply> {
    return this.requests.request(FetchRoutes, Object.assign(new FetchRoutes(), wanted), { timeoutMs: TIMEOUT_MS });
  }
}
