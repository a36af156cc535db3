import { eventually } from '../eventually.js';

/** One event of a stream. */
export interface StreamedEvent {
  id: string;
  type: string;
  data: Record<string, unknown>;
}

/** Reads the admin API's events as a client does. */
export class EventReader {
  readonly events: StreamedEvent[] = [];
  /** All that came, comments too. */
  text = '';
  /** How the stream has ended; undefined while it is open. */
  ended: 'whole' | 'broken' | undefined;
  private readonly leaving = new AbortController();
  private rest = '';

  private constructor(readonly response: Response) {}

  static async open(
    url: string,
    token: string,
    { query = '', lastEventId }: { query?: string; lastEventId?: string } = {},
  ): Promise<EventReader> {
    const leaving = new AbortController();
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    };
    const response = await fetch(`${url}/v1/events${query}`, { headers, signal: leaving.signal });
    const reader = new EventReader(response);
    reader.leaving.signal.addEventListener('abort', () => leaving.abort());
    if (response.ok) {
      void reader.read();
      await eventually(() => {
        if (!reader.text.includes('\n\n')) throw new Error('the stream has not begun');
      });
    }
    return reader;
  }

  /** The types of what came. */
  get types(): string[] {
    return this.events.map(({ type }) => type);
  }

  close(): void {
    this.leaving.abort();
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const part of this.response.body ?? []) this.take(decoder.decode(part, { stream: true }));
      this.ended = 'whole';
    } catch {
      this.ended = 'broken';
    }
  }

  private take(part: string): void {
    this.text += part;
    const blocks = (this.rest + part).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s)));
      if (typeof fields.data === 'string')
        this.events.push({ id: fields.id, type: fields.event, data: JSON.parse(fields.data) });
    }
  }
}
