import { ERRORS, LetheError, type ErrorCode } from '../errors.js';

/** Content type of problem details (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Problem details (RFC 9457). Extension members come from `LetheError.detail`, which is safe to show. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  requestId: string;
  [member: string]: unknown;
}

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'parse_error',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  414: 'not_found',
  415: 'unsupported_media_type',
};

/** An error of Nest's HTTP layer, known by its method: a proxy does not load Nest. */
function isOfNest(thrown: Error): thrown is Error & { getStatus(): number } {
  return 'getStatus' in thrown && typeof thrown.getStatus === 'function';
}

/** Maps errors of Nest and Fastify by their status alone: their messages quote paths and values. */
function frameworkStatus(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (isOfNest(thrown)) return thrown.getStatus();
  if (!('code' in thrown) || !('statusCode' in thrown)) return undefined;
  const isFastify = typeof thrown.code === 'string' && thrown.code.startsWith('FST_ERR_');
  return isFastify && typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined;
}

/** Converts anything thrown to a `LetheError`. Errors of other kinds are mapped by their status and reveal nothing else. */
export function toLetheError(thrown: unknown): LetheError {
  if (thrown instanceof LetheError) return thrown;
  const status = frameworkStatus(thrown);
  const code = status === undefined ? undefined : CODE_OF_STATUS[status];
  return new LetheError(
    code ?? (status !== undefined && status < 500 ? 'invalid_request' : 'internal'),
    {},
    { cause: thrown },
  );
}

/** The `type` of an error's problem details: the path of its description, on the service that answers (RFC 9457, section 3.1.1). */
export function problemType(code: ErrorCode): string {
  return `/problems/${code}`;
}

/** The wire form of an error on the admin API. */
export function toProblem(error: LetheError, requestId: string): Problem {
  return {
    ...error.detail,
    type: problemType(error.code),
    title: ERRORS[error.code].message,
    status: error.status,
    code: error.code,
    requestId,
  };
}

/** The value of `Retry-After`: what the error says, else a moment. */
export function retryAfter({ detail }: LetheError): string {
  const { retryAfterSeconds } = detail;
  return typeof retryAfterSeconds === 'number' ? String(retryAfterSeconds) : '1';
}
