import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { authorization, noteRefused } from './bearer.js';
import { noteStream } from './connection.js';
import type { components } from './schema.js';

/** What has happened, as the stream of events tells it. */
export type RegistryEvent = components['schemas']['EventView'];

/** What to do with the stream. */
export interface EventListener {
  event(event: RegistryEvent): void;
  /** Events are missing: everything that is shown should be read again. */
  reset(): void;
}

/** How soon to connect again, milliseconds; doubled each time up to the longest. */
const RETRY_MS = { first: 1_000, longest: 15_000 } as const;
/** A comment comes every 15 s: without one for this long, the connection is dead although nobody has said so. */
const SILENT_MS = 40_000;

/**
 * Follows the registry's events (`GET /v1/events`, server-sent events) until the signal aborts, and connects again with
 * `Last-Event-ID` when the stream ends. `fetch` instead of `EventSource`, which can't send `Authorization`.
 */
export async function followEvents(listener: EventListener, signal: AbortSignal): Promise<void> {
  let lastEventId = '';
  let waitMs: number = RETRY_MS.first;
  while (!signal.aborted) {
    const outcome = await followOnce(lastEventId, listener, signal);
    noteStream(false);
    if (outcome.isOver) return;
    if (lastEventId !== '' && outcome.lastEventId === '') listener.reset();
    lastEventId = outcome.lastEventId || lastEventId;
    waitMs = outcome.wasOpen ? RETRY_MS.first : Math.min(waitMs * 2, RETRY_MS.longest);
    await pause(waitMs, signal);
  }
}

interface Outcome {
  wasOpen: boolean;
  /** The token is refused: there is nothing to wait for. */
  isOver: boolean;
  lastEventId: string;
}

async function followOnce(from: string, listener: EventListener, signal: AbortSignal): Promise<Outcome> {
  const bearer = authorization();
  if (bearer === undefined) return { wasOpen: false, isOver: true, lastEventId: from };
  const attempt = new AbortController();
  const stop = (): void => attempt.abort();
  signal.addEventListener('abort', stop, { once: true });
  let known = from;
  let wasOpen = false;
  try {
    const headers = {
      authorization: bearer,
      accept: 'text/event-stream',
      ...(from !== '' && { 'last-event-id': from }),
    };
    const response = await fetch('/v1/events', {
      headers,
      cache: 'no-store',
      credentials: 'omit',
      signal: attempt.signal,
    });
    if (response.status === 401) noteRefused(bearer);
    if (response.status === 401 || response.status === 403) return { wasOpen, isOver: true, lastEventId: known };
    if (!response.ok || !response.body) return { wasOpen, isOver: false, lastEventId: known };
    wasOpen = true;
    noteStream(true);
    await read(response.body, stop, (message) => {
      known = message.id ?? known;
      hand(message, listener);
    });
  } catch {
    // The stream alone may be cut, by a proxy that knows none: whether the registry answers, other requests show.
  } finally {
    signal.removeEventListener('abort', stop);
  }
  return { wasOpen, isOver: signal.aborted, lastEventId: known };
}

async function read(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  stop: () => void,
  onEvent: (message: EventSourceMessage) => void,
): Promise<void> {
  const parser = createParser({ onEvent });
  let timer = setTimeout(stop, SILENT_MS);
  try {
    for (const reader = stream.pipeThrough(new TextDecoderStream()).getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENT_MS);
      parser.feed(value);
    }
  } finally {
    clearTimeout(timer);
  }
}

function hand({ event, data }: EventSourceMessage, listener: EventListener): void {
  if (event === 'reset') return listener.reset();
  const parsed: unknown = JSON.parse(data);
  if (isEvent(parsed)) listener.event(parsed);
}

/** The registry writes nothing else; what a later version may add without a target puts nothing out of date. */
function isEvent(value: unknown): value is RegistryEvent {
  return typeof value === 'object' && value !== null && 'target' in value && 'type' in value;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
