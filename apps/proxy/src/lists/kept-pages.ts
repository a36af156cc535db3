/** Texts that were written once and may be again: kept up to a size, the longest unused go first. */
export class KeptPages<Owner extends object> {
  private readonly owners = new Map<Owner, Map<string, string>>();
  private size = 0;

  /** `maxCharacters`: of all texts together. */
  constructor(private readonly maxCharacters: number) {}

  get(owner: Owner, key: string): string | undefined {
    const pages = this.owners.get(owner);
    if (!pages) return undefined;
    this.owners.delete(owner);
    this.owners.set(owner, pages);
    return pages.get(key);
  }

  keep(owner: Owner, key: string, text: string): void {
    const pages = this.owners.get(owner) ?? new Map<string, string>();
    this.size += text.length - (pages.get(key)?.length ?? 0);
    this.owners.set(owner, pages.set(key, text));
    for (const [oldest, texts] of this.owners) {
      if (this.size <= this.maxCharacters) return;
      this.owners.delete(oldest);
      for (const { length } of texts.values()) this.size -= length;
    }
  }
}
