import { createHash } from 'node:crypto';

/** The tokens that an upstream accepts, by their SHA-256, each with a name for people. */
export class TokenNames {
  private readonly names: ReadonlyMap<string, string>;

  /**
   * @param list entries `name:sha256hex`, separated by commas
   * @throws Error that names the rule, if the list is malformed
   */
  constructor(list: string) {
    const entries = list.split(',').map((entry) => /^([\w-]+):([0-9a-f]{64})$/.exec(entry.trim()));
    if (entries.some((entry) => entry === null)) throw new Error('DEMO_TOKEN_SHA256: must be name:sha256hex, …');
    this.names = new Map(entries.map((entry) => [entry?.[2] ?? '', entry?.[1] ?? '']));
  }

  /** The name of the token in an `Authorization` header; undefined for an unknown token. */
  nameOf(authorization: string | undefined): string | undefined {
    const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    return token === undefined ? undefined : this.names.get(createHash('sha256').update(token).digest('hex'));
  }
}
