import type { Era } from '@lethe/contracts';
import type { RecordedClient } from './recorded-client.js';

/** The JSON-RPC ids and progress tokens that a client gives out. */
export class Numbering {
  nextId: number;
  private tokens = 0;

  constructor(private readonly client: RecordedClient) {
    this.nextId = client.firstId;
  }

  /** Counts anew. */
  restart(): void {
    this.nextId = this.client.firstId;
    this.tokens = 0;
  }

  /** What the request with this id has in `_meta`, besides the envelope. */
  metaOf(era: Era, method: string, id: number): Record<string, unknown> | undefined {
    const meta = this.client.meta?.({ era, id, method, count: this.tokens });
    if (meta && 'progressToken' in meta) this.tokens++;
    return meta;
  }
}
