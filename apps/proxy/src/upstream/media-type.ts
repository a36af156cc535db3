import type { IncomingHttpHeaders } from 'node:http';

/** The media type of an answer, lower case and without parameters; empty when there is none. */
export function mediaType(headers: IncomingHttpHeaders): string {
  const given = headers['content-type'] ?? '';
  const end = given.indexOf(';');
  return (end === -1 ? given : given.slice(0, end)).trim().toLowerCase();
}
