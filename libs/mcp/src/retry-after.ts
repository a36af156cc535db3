import type { ResponseHeaders } from './response-head.js';

/** Longest wait that is passed on. An upstream that says more is asked again after this: what it says need not be true. */
export const MAX_RETRY_AFTER_SECONDS = 3_600;

/** The three forms of a date in HTTP (RFC 9110, section 5.6.7). The last one names no time zone: it is UTC too. */
const IMF_FIXDATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const RFC_850 = /^[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * The whole seconds that a `Retry-After` asks to wait, between 0 and an hour; undefined if there is none that can be read.
 * https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export function retryAfterSeconds({ 'retry-after': header }: ResponseHeaders, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  if (/^\d{1,15}$/.test(text)) return Math.min(Number(text), MAX_RETRY_AFTER_SECONDS);
  const at = dateOf(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(Math.ceil((at - nowMs) / 1000), 0), MAX_RETRY_AFTER_SECONDS);
}

function dateOf(text: string): number {
  if (IMF_FIXDATE.test(text) || RFC_850.test(text)) return Date.parse(text);
  return ASCTIME.test(text) ? Date.parse(`${text} GMT`) : NaN;
}

/** A wait for people, such as `6 min 41 s`: no number of it has three digits, which clients could take for an HTTP status. */
export function waitText(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const parts = [
    [hours, 'h'],
    [minutes, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(' ') || '0 s'
  );
}
