import type { ErrorCode } from '@lethe/platform';

/** What an operation is like, as far as that decides how it can fail. */
export interface OperationKind {
  method: string;
  /** Below `/v1/`, where every answer to a GET has a tag. */
  isApi: boolean;
  isSecured: boolean;
  hasPath: boolean;
  hasQuery: boolean;
  /** Names of the headers that it reads, in small letters. */
  headers: readonly string[];
}

/** Of anything that is sent to the port. */
const HTTP: readonly ErrorCode[] = [
  'request_malformed',
  'request_timeout',
  'expectation_unsupported',
  'headers_too_large',
  'http_version_unsupported',
  'internal',
];
const SECURED: readonly ErrorCode[] = ['unauthenticated', 'role_required', 'too_many_failures', 'database_unavailable'];
const WITH_BODY: readonly ErrorCode[] = [
  'invalid_request',
  'credential_in_clear',
  'parse_error',
  'payload_too_large',
  'unsupported_media_type',
];
const BY_HEADER: Record<string, readonly ErrorCode[]> = {
  'if-match': ['precondition_failed'],
  'idempotency-key': ['header_illegal', 'idempotency_mismatch', 'idempotency_running', 'answer_lost'],
};

/** The errors that every operation of this kind can answer. */
export function impliedErrors({ method, isSecured, hasPath, hasQuery, headers }: OperationKind): ErrorCode[] {
  return [
    ...HTTP,
    ...(isSecured ? SECURED : []),
    ...(hasPath ? (['not_found'] as const) : []),
    // Lists leave out what is not genuine.
    ...(isSecured && (hasPath || method !== 'get') ? (['row_tampered'] as const) : []),
    ...(hasQuery ? (['invalid_request'] as const) : []),
    // Also of a request without a body of its own: one that is sent is read.
    ...(method === 'get' ? [] : WITH_BODY),
    ...headers.flatMap((header) => BY_HEADER[header] ?? []),
  ];
}
