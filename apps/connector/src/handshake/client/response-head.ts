import type { Dispatcher } from 'undici';

/** Drops a response. Its body emits an error when it is cut off, which is ignored. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy();
}

/** Whether the body is an event stream. */
export function isEventStream(response: Dispatcher.ResponseData): boolean {
  return /^text\/event-stream\s*(;|$)/i.test(headerOf(response, 'content-type') ?? '');
}

/** Whether the body is compressed although requests ask for `identity`. */
export function isEncoded(response: Dispatcher.ResponseData): boolean {
  return (headerOf(response, 'content-encoding') ?? 'identity') !== 'identity';
}

/** A header of the response; repeated ones are joined. */
export function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
