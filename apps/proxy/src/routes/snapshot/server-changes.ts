/** Announces that another revision of a virtual server is being served. */
export class ServerChanges {
  private readonly listeners = new Map<string, Set<() => void>>();

  /**
   * Calls `listener` after each change of the server with this slug, its deletion included, until the returned function
   * is called.
   */
  subscribe(slug: string, listener: () => void): () => void {
    const known = this.listeners.get(slug) ?? new Set();
    this.listeners.set(slug, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) this.listeners.delete(slug);
    };
  }

  announce(slug: string): void {
    for (const listener of this.listeners.get(slug) ?? []) listener();
  }
}
