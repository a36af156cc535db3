import type { EventView } from './event.view.js';

/** How soon a client connects again, in milliseconds. */
const RETRY_MS = 2_000;

/**
 * The beginning of a stream: a client that loses it before the first event connects again with this id. Without data, it is no
 * event (HTML Living Standard, section 9.2.6).
 */
export function openingText(id: number): string {
  return `retry: ${RETRY_MS}\nid: ${id}\n\n`;
}

/** An event in the form of `text/event-stream`. JSON has no line breaks. */
export function eventText(event: EventView): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Says that events are missing between the one that the client knows and this one: it should read again what it shows. */
export function resetText(id: number): string {
  return `id: ${id}\nevent: reset\ndata: ${JSON.stringify({ id })}\n\n`;
}

/** A comment, which keeps a connection open and shows that it is. */
export const HEARTBEAT = ':\n\n';
