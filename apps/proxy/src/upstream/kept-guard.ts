import type { BodyReader } from './body-reader.js';

/** How much of a secret is looked for at once. */
const HEAD_BYTES = 4;

/** An upstream repeated the credential that is kept for it. */
export class RepeatedCredential extends Error {
  override readonly name = 'RepeatedCredential';
}

/**
 * Keeps a kept credential from callers: a response that repeats it ends before the part that has it. What may be its beginning waits
 * for the next part of the body, so no part of it is passed on, and nothing else waits.
 */
export class KeptGuard implements BodyReader {
  private held: Buffer = Buffer.alloc(0);

  constructor(
    private readonly secrets: readonly Buffer[],
    private readonly reader: BodyReader,
  ) {}

  data(chunk: Buffer): boolean {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    if (this.secrets.some((secret) => bytes.includes(secret))) {
      throw new RepeatedCredential('the response repeats the credential that is kept');
    }
    const passed = bytes.length - Math.max(0, ...this.secrets.map((secret) => begunLength(bytes, secret)));
    this.held = bytes.subarray(passed);
    return passed === 0 || this.reader.data(bytes.subarray(0, passed));
  }

  onDrain(resume: () => void): void {
    if (this.reader.onDrain) this.reader.onDrain(resume);
  }

  end(): void {
    if (this.held.length > 0) this.reader.data(this.held);
    this.reader.end();
  }
}

/** How many bytes at the end are the beginning of a secret. Its first byte alone is all over a text: that of a JWT is an `e`. */
function begunLength(bytes: Buffer, secret: Buffer): number {
  const head = secret.subarray(0, HEAD_BYTES);
  let at = bytes.indexOf(head, Math.max(0, bytes.length - secret.length + 1));
  while (at !== -1) {
    if (endsWithBeginning(bytes, secret, bytes.length - at)) return bytes.length - at;
    at = bytes.indexOf(head, at + 1);
  }
  let length = Math.min(HEAD_BYTES, secret.length, bytes.length + 1) - 1;
  while (length > 0 && !endsWithBeginning(bytes, secret, length)) length -= 1;
  return length;
}

function endsWithBeginning(bytes: Buffer, secret: Buffer, length: number): boolean {
  return secret.compare(bytes, bytes.length - length, bytes.length, 0, length) === 0;
}
