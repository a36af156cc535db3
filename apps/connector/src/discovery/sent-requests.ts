/** Called before each request, with all of them so far. */
export type OnRequest = (requests: number, origins: string[]) => void;

/** The requests of one handshake, in whatever connection, and where they went. */
export class SentRequests {
  count = 0;
  private readonly seen = new Set<string>();

  constructor(private readonly onRequest?: OnRequest) {}

  /** In the order of their first requests. */
  get origins(): string[] {
    return [...this.seen];
  }

  /** Call it before the request is sent, so that the requests of a killed process are counted too. */
  add(url: string): void {
    this.count += 1;
    this.seen.add(new URL(url).origin);
    this.onRequest?.(this.count, this.origins);
  }
}
