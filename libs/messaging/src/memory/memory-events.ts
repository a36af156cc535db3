interface StoredEvent {
  id: string;
  subject: string;
  text: string;
}

export type StoredEventListener = (event: StoredEvent) => void;

const REMEMBERED_IDS = 10_000;

/** The stored events of one process: handed to each durable consumer's queue, at once or when it first appears. */
export class MemoryEvents {
  private readonly listeners = new Map<string, { subject: string; listener: StoredEventListener }>();
  private readonly ids = new Set<string>();
  private readonly unclaimed: StoredEvent[] = [];

  /** Stores an event once per id. */
  store(event: StoredEvent): void {
    if (this.ids.has(event.id)) return;
    this.remember(event.id);
    const taking = [...this.listeners.values()].filter(({ subject }) => subject === event.subject);
    if (taking.length === 0) this.keepUnclaimed(event);
    for (const { listener } of taking) listener(event);
  }

  /** Opens a durable consumer; what was stored before anybody wanted it comes first. A name is served once. */
  open(name: string, subject: string, listener: StoredEventListener): void {
    this.listeners.set(name, { subject, listener });
    const waiting = this.unclaimed.filter((event) => event.subject === subject);
    for (const event of waiting) {
      this.unclaimed.splice(this.unclaimed.indexOf(event), 1);
      listener(event);
    }
  }

  close(name: string): void {
    this.listeners.delete(name);
  }

  private remember(id: string): void {
    this.ids.add(id);
    const [oldest] = this.ids;
    if (this.ids.size > REMEMBERED_IDS && oldest !== undefined) this.ids.delete(oldest);
  }

  private keepUnclaimed(event: StoredEvent): void {
    this.unclaimed.push(event);
    if (this.unclaimed.length > REMEMBERED_IDS) this.unclaimed.shift();
  }
}
