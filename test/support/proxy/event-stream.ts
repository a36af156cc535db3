import { type SseEvent, SseSplitter } from '@lethe/mcp';

/** A stream of events read by hand. */
export interface EventStream {
  status: number;
  headers: Headers;
  /** The next event with data or an id; undefined when the stream has ended. */
  next(): Promise<SseEvent | undefined>;
  /** The next event's JSON-RPC message and id; priming events are passed over. */
  message(): Promise<{ id: string | undefined; body: Record<string, unknown> }>;
  /** Resolves when the other side ends the stream. */
  ended(): Promise<void>;
  close(): void;
}

export async function openStream(url: string, init: RequestInit): Promise<EventStream> {
  const leave = new AbortController();
  const answer = await fetch(url, { ...init, signal: leave.signal });
  const events = eventsOf(answer);
  const next = async (): Promise<SseEvent | undefined> => (await events.next()).value ?? undefined;
  const stream: EventStream = {
    status: answer.status,
    headers: answer.headers,
    next,
    message: async () => {
      for (;;) {
        const event = await next();
        if (!event) throw new Error('the stream has ended');
        if (event.data) return { id: event.id, body: JSON.parse(event.data) as Record<string, unknown> };
      }
    },
    ended: async () => {
      while (await next());
    },
    close: () => leave.abort(),
  };
  return stream;
}

/** The GET stream of a session. */
export function listen(url: string, headers: Record<string, string>): Promise<EventStream> {
  return openStream(url, {
    headers: { accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25', ...headers },
  });
}

/** The events of a response as they arrive. */
export async function* eventsOf(answer: Response): AsyncGenerator<SseEvent, undefined> {
  const splitter = new SseSplitter();
  for await (const chunk of answer.body ?? []) {
    for (const event of splitter.push(Buffer.from(chunk))) {
      if (event.data !== undefined || event.id !== undefined) yield event;
    }
  }
  return undefined;
}
