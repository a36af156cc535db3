import { DOOR_PROBLEMS, type DoorProblem } from './door-head.js';

/** The credential was taken and the handshake begins; the verification tells how it ends. */
export function acceptedAnswer(vid: string): string {
  return answer(202, 'application/json', { id: vid, state: 'running' });
}

/** A refusal as problem+json (RFC 9457), with a stable code and without a word of the request. */
export function problemAnswer(code: DoorProblem): string {
  const [status, title] = DOOR_PROBLEMS[code];
  return answer(status, 'application/problem+json', { type: 'about:blank', title, status, code });
}

/** To connections beyond the number that is served at once. */
export function busyAnswer(): string {
  const title = 'The door is busy; try again shortly';
  return answer(503, 'application/problem+json', { type: 'about:blank', title, status: 503, code: 'busy' });
}

const REASONS: Record<number, string> = { 202: 'Accepted', 503: 'Service Unavailable' };

function answer(status: number, contentType: string, body: object): string {
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? 'Refused'}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
