/** What must never happen, however many times it did. The first cases of each kind are kept as text. */
export class Violations {
  private readonly counts = new Map<string, number>();
  private readonly examples: string[] = [];

  add(kind: string, example: string): void {
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= 3) this.examples.push(`${kind}: ${example}`);
  }

  get isEmpty(): boolean {
    return this.counts.size === 0;
  }

  /** One line for each kind, then the examples. */
  toString(): string {
    return [...[...this.counts].map(([kind, count]) => `${count} x ${kind}`), ...this.examples].join('\n');
  }
}
