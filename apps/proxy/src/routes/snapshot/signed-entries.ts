/** Result of applying an update. */
export type UpdateResult = 'taken' | 'waiting' | 'known' | 'older' | 'refused';
/** Why an update changes nothing, where it should have. */
export type RejectedEntry = Extract<UpdateResult, 'older' | 'refused'>;

/** How the entries of a bucket are checked, and what follows when one is taken. */
export interface EntryRules<T> {
  /** Undefined unless a registry signed the value for this key. */
  verify(key: string, jws: string): Promise<T | undefined>;
  isOlder(entry: T, known: T): boolean;
  onTaken(key: string, entry: T): void | Promise<void>;
}

/** The newest signed entry of each key of a bucket. A key keeps the newest one, in whatever order they are verified. */
export class SignedEntries<T extends { readonly revision: number }> {
  readonly known = new Map<string, { readonly jws: string; readonly entry: T }>();

  constructor(private readonly rules: EntryRules<T>) {}

  async apply(key: string, jws: string): Promise<UpdateResult> {
    if (this.known.get(key)?.jws === jws) return 'known';
    const entry = await this.rules.verify(key, jws);
    if (!entry) return 'refused';
    const current = this.known.get(key)?.entry;
    if (current?.revision === entry.revision) return 'known';
    if (current && (entry.revision < current.revision || this.rules.isOlder(entry, current))) return 'older';
    this.known.set(key, { jws, entry });
    await this.rules.onTaken(key, entry);
    return 'taken';
  }

  size(): number {
    return this.known.size;
  }

  keys(): Iterable<string> {
    return this.known.keys();
  }

  /** The signed text, which is stored for the next start. */
  value(key: string): string | undefined {
    return this.known.get(key)?.jws;
  }

  /** `key:revision` of each, in the form that the registry hashes. */
  lines(): string[] {
    return [...this.known].map(([key, { entry }]) => `${key}:${entry.revision}`);
  }
}
