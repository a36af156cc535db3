import { STATUS_CODES } from 'node:http';

/** Why the door rejects a request: status, stable code, fixed title. */
export const DOOR_PROBLEMS = {
  bad_request: [400, 'The request is malformed, or not the only one of its connection'],
  host_forbidden: [403, 'This Host is not allowed'],
  origin_forbidden: [403, 'Requests from browsers are not allowed here'],
  slot_gone: [404, 'The slot is gone; start a new verification'],
  method_not_allowed: [405, 'Only PUT /slots/<slot> is served here'],
  request_timeout: [408, 'The request did not arrive in time'],
  length_required: [411, 'The request must have a Content-Length'],
  payload_too_large: [413, 'The body is longer than 16 KiB'],
  unsupported_media_type: [415, 'The body must be application/json'],
  credential_malformed: [422, 'The credential is malformed'],
  scheme_unsupported: [422, 'The credential has an unsupported scheme'],
  busy: [503, 'The door is busy; try again shortly'],
} as const satisfies Record<string, readonly [number, string]>;
/** Stable code of a rejection. */
export type DoorProblem = keyof typeof DOOR_PROBLEMS;

/** The response to an accepted credential. The verification shows how the handshake ends. */
export function acceptedResponse(vid: string): string {
  return responseText(202, 'application/json', { id: vid, state: 'running' });
}

/** A rejection as problem+json (RFC 9457), with a stable code and nothing of the request. */
export function problemResponse(code: DoorProblem): string {
  const [status, title] = DOOR_PROBLEMS[code];
  return responseText(status, 'application/problem+json', { type: 'about:blank', title, status, code });
}

/** As text: a connection that is rejected before it has sent a valid head has no `ServerResponse`. */
function responseText(status: number, contentType: string, body: object): string {
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `Content-Type: ${contentType}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Cache-Control: no-store',
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
