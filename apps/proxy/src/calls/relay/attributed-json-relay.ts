import type { BodyReader } from '../../upstream/response-handler.js';
import { MAX_ATTRIBUTED_BYTES, prefixSource } from '../../server-requests/attribution.js';

/** Holds a short JSON answer until it is whole, so that its questions say who asks; a longer one goes on as it comes. */
export class AttributedJsonRelay implements BodyReader {
  private held: Buffer[] | undefined = [];
  private length = 0;

  constructor(
    private readonly relay: BodyReader,
    private readonly source: string,
  ) {}

  data(chunk: Buffer): boolean {
    if (!this.held) return this.relay.data(chunk);
    this.held.push(chunk);
    this.length += chunk.length;
    if (this.length <= MAX_ATTRIBUTED_BYTES) return true;
    const held = Buffer.concat(this.held);
    this.held = undefined;
    return this.relay.data(held);
  }

  onDrain(resume: () => void): void {
    this.relay.onDrain?.(resume);
  }

  end(): void {
    if (this.held && this.length > 0) {
      const bytes = Buffer.concat(this.held);
      const json = bytes.toString('utf8');
      const shown = prefixSource(json, this.source);
      this.relay.data(shown === json ? bytes : Buffer.from(shown));
    }
    this.relay.end();
  }
}
