/** Tells who watches a virtual server that another revision of it, or none, is served from now on. */
export class ServerChanges {
  private readonly watchers = new Map<string, Set<() => void>>();

  /** Returns how to stop watching. */
  watch(slug: string, onChange: () => void): () => void {
    const watching = this.watchers.get(slug) ?? new Set();
    this.watchers.set(slug, watching.add(onChange));
    return () => {
      watching.delete(onChange);
      if (watching.size === 0 && this.watchers.get(slug) === watching) this.watchers.delete(slug);
    };
  }

  tell(slug: string): void {
    for (const onChange of [...(this.watchers.get(slug) ?? [])]) onChange();
  }
}
