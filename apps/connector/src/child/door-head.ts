/** Why the door does not take a request: status, stable code, fixed title. */
export const DOOR_PROBLEMS = {
  bad_request: [400, 'This is not the one request that is served here'],
  host_forbidden: [403, 'This Host is not served here'],
  origin_forbidden: [403, 'Browsers are not served here'],
  slot_gone: [404, 'The slot is gone; ask for a new verification'],
  method_not_allowed: [405, 'Only PUT /slots/<slot> is served here'],
  request_timeout: [408, 'The request did not arrive in time'],
  length_required: [411, 'The body must come with its Content-Length'],
  payload_too_large: [413, 'The body is longer than 16 KiB'],
  unsupported_media_type: [415, 'The body must be application/json'],
  credential_malformed: [422, 'The credential does not have its form'],
  scheme_unsupported: [422, 'The credential has a scheme that is not supported'],
} as const satisfies Record<string, readonly [number, string]>;
export type DoorProblem = keyof typeof DOOR_PROBLEMS;

/** The head of a request to the door, once it has been found fit. */
export interface DoorHead {
  slot: string;
  contentLength: number;
  /** The client waits for a word before it sends the body (RFC 9110, section 10.1.1). */
  expectsContinue: boolean;
}

export const MAX_DOOR_BODY_BYTES = 16 * 1024;
export const MAX_DOOR_HEAD_BYTES = 8 * 1024;

const FIELD = /^([A-Za-z0-9!#$%&'*+.^`|~-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?[ \t]*$/;

/**
 * Reads a request head strictly (RFC 9112): CRLF, HTTP/1.1, every header once, no transfer coding. `head` is everything
 * before the empty line; `hosts` are the only values of Host that are served.
 */
export function readDoorHead(head: string, hosts: readonly string[]): DoorHead | DoorProblem {
  const [requestLine = '', ...lines] = head.split('\r\n');
  const headers = readFields(lines);
  const [method, target, version, ...rest] = requestLine.split(' ');
  if (headers === undefined || version !== 'HTTP/1.1' || rest.length > 0 || target === undefined) return 'bad_request';
  if (!hosts.includes(headers.get('host')?.toLowerCase() ?? '')) return 'host_forbidden';
  if (headers.has('origin')) return 'origin_forbidden';
  const slot = /^\/slots\/([\w-]{1,128})$/.exec(target)?.[1];
  if (method !== 'PUT' || slot === undefined) return 'method_not_allowed';
  return bodyProblem(headers) ?? { slot, ...bodyOf(headers) };
}

function bodyProblem(headers: ReadonlyMap<string, string>): DoorProblem | undefined {
  if (headers.has('transfer-encoding') || headers.has('content-encoding')) return 'bad_request';
  const length = headers.get('content-length');
  if (length === undefined) return 'length_required';
  if (!/^\d{1,9}$/.test(length)) return 'bad_request';
  if (Number(length) > MAX_DOOR_BODY_BYTES) return 'payload_too_large';
  return /^application\/json(\s*;.*)?$/i.test(headers.get('content-type') ?? '') ? undefined : 'unsupported_media_type';
}

function bodyOf(headers: ReadonlyMap<string, string>): Omit<DoorHead, 'slot'> {
  return {
    contentLength: Number(headers.get('content-length')),
    expectsContinue: headers.get('expect')?.toLowerCase() === '100-continue',
  };
}

/** Headers by lower-case name; `undefined` when one is malformed or comes twice. */
function readFields(lines: string[]): Map<string, string> | undefined {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name === undefined || headers.has(name.toLowerCase())) return undefined;
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}
