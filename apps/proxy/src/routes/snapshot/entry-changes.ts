/** Announces that another revision of a published entry is in effect: of a virtual server, or of a caller's key. */
export class EntryChanges {
  private readonly listeners = new Map<string, Set<() => void>>();

  /**
   * Calls `listener` after each change of the entry with this key, its deletion included, until the returned function is
   * called.
   */
  subscribe(key: string, listener: () => void): () => void {
    const known = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, known.add(listener));
    return () => {
      known.delete(listener);
      if (known.size === 0) this.listeners.delete(key);
    };
  }

  announce(key: string): void {
    for (const listener of this.listeners.get(key) ?? []) listener();
  }
}
