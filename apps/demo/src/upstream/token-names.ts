import { createHash } from 'node:crypto';

/** Tokens an upstream accepts, known by SHA-256 only, each with a name for people. */
export class TokenNames {
  private readonly names: ReadonlyMap<string, string>;

  /** `list`: `name:sha256hex` separated by commas. Throws on anything else, naming the rule. */
  constructor(list: string) {
    const entries = list.split(',').map((entry) => /^([\w-]+):([0-9a-f]{64})$/.exec(entry.trim()));
    if (entries.some((entry) => entry === null)) throw new Error('DEMO_TOKEN_SHA256: must be name:sha256hex, …');
    this.names = new Map(entries.map((entry) => [entry?.[2] ?? '', entry?.[1] ?? '']));
  }

  /** Whose token an `Authorization` header carries; undefined when nobody's. */
  nameOf(authorization: string | undefined): string | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : this.names.get(createHash('sha256').update(token).digest('hex'));
  }
}
