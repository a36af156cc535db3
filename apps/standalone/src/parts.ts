/** Something that was started. */
export interface Part {
  close(): Promise<void>;
}

/** Closes services in reverse order of their start. A failed start closes those that already run. */
export class Parts {
  /** Undefined until the proxy listens. */
  proxyUrl: string | undefined;
  private readonly closers: (() => Promise<void>)[] = [];

  add<T extends Part>(part: T): T {
    this.closers.unshift(() => part.close());
    return part;
  }

  /**
   * Adds parts that start side by side as if they had started in this order: also those that run when another one fails.
   * @throws what the first of them has failed with
   */
  async addAll<T extends Part[]>(...starting: { [I in keyof T]: Promise<T[I]> }): Promise<T> {
    const ended = await Promise.allSettled(starting);
    for (const one of ended) if (one.status === 'fulfilled') this.add(one.value);
    return Promise.all(starting);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0)) await close();
  }
}
