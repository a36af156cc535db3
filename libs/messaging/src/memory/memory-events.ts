/** A stored event. */
export interface StoredEvent {
  id: string;
  subject: string;
  text: string;
}

/** Receives stored events. */
export type StoredEventListener = (event: StoredEvent) => void;

interface DurableConsumer {
  subject: string;
  /** The replicas that get the events in turn; empty while the service is down. */
  listeners: StoredEventListener[];
  backlog: StoredEvent[];
  turn: number;
}

const REMEMBERED_IDS = 10_000;
/** Number of events that are stored for consumers that appear later. Each may be as long as a message. */
const REMEMBERED_EVENTS = 200;

/** The stored events of one process. Each durable consumer gets each event once, also those from while it was closed. */
export class MemoryEvents {
  private readonly consumers = new Map<string, DurableConsumer>();
  private readonly ids = new Set<string>();
  private readonly log: StoredEvent[] = [];

  /** Stores an event once per id. */
  store(event: StoredEvent): void {
    if (this.ids.has(event.id)) return;
    this.remember(event);
    for (const consumer of this.consumers.values()) if (consumer.subject === event.subject) deliver(consumer, event);
  }

  private remember(event: StoredEvent): void {
    this.ids.add(event.id);
    this.log.push(event);
    const [oldest] = this.ids;
    if (this.ids.size > REMEMBERED_IDS && oldest !== undefined) this.ids.delete(oldest);
    if (this.log.length > REMEMBERED_EVENTS) this.log.shift();
  }

  /** Opens a durable consumer. A new one starts with all stored events. Returns a function that closes it. */
  open(name: string, subject: string, listener: StoredEventListener): () => void {
    const backlog = this.log.filter((event) => event.subject === subject);
    const consumer = this.consumers.get(name) ?? { subject, listeners: [], backlog, turn: 0 };
    this.consumers.set(name, consumer);
    consumer.listeners.push(listener);
    for (const event of consumer.backlog.splice(0)) deliver(consumer, event);
    return () => void consumer.listeners.splice(consumer.listeners.indexOf(listener), 1);
  }
}

function deliver(consumer: DurableConsumer, event: StoredEvent): void {
  consumer.turn += 1;
  const listener = consumer.listeners[consumer.turn % consumer.listeners.length];
  if (listener) listener(event);
  else consumer.backlog.push(event);
}
