import type { BodyReader } from '../../upstream/body-reader.js';
import { MAX_ATTRIBUTED_BYTES, prefixSource } from '../../server-requests/attribution.js';
import type { JsonResponseRelay } from './json-response-relay.js';

/** Buffers a short JSON response, so that its elicitations can name their gateway; a longer one passes unbuffered. */
export class AttributedJsonRelay implements BodyReader {
  private buffered: Buffer[] | undefined = [];
  private length = 0;

  constructor(
    private readonly relay: JsonResponseRelay,
    private readonly source: string,
  ) {}

  data(chunk: Buffer): boolean {
    if (!this.buffered) return this.relay.data(chunk);
    this.relay.check(chunk);
    this.buffered.push(chunk);
    this.length += chunk.length;
    if (this.length <= MAX_ATTRIBUTED_BYTES) return true;
    const bytes = Buffer.concat(this.buffered);
    this.buffered = undefined;
    return this.relay.send(bytes);
  }

  onDrain(resume: () => void): void {
    this.relay.onDrain(resume);
  }

  end(): void {
    if (this.buffered && this.length > 0) {
      const bytes = Buffer.concat(this.buffered);
      const json = bytes.toString('utf8');
      const prefixed = prefixSource(json, this.source);
      this.relay.send(prefixed === json ? bytes : Buffer.from(prefixed));
    }
    this.relay.end();
  }
}
