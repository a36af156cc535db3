import { type ErrorCode, LetheError } from '@lethe/platform';
import type { UpstreamCall } from '../request/mcp-request.js';
import { isDownStatus } from '../upstream/response-head.js';
import type { Verdict } from '../routes/table/gateway-gate.js';

/** Only an upstream that responded can cause them. */
const RESPONDED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'upstream_failed',
  'upstream_rejected_credential',
  'kept_credential_rejected',
  'upstream_redirected',
  'upstream_rate_limited',
]);

/** What the end of a call says about its upstream. A client that leaves says nothing, and neither does Lethe's own refusal. */
export function verdictOf({ upstreamStatus }: Pick<UpstreamCall, 'upstreamStatus'>, error: unknown): Verdict {
  if (isDownStatus(upstreamStatus)) return 'down';
  if (upstreamStatus !== 0 || error === undefined) return 'up';
  if (!(error instanceof LetheError)) return 'unknown';
  const { code, detail } = error;
  if (code === 'upstream_unreachable') return detail['why'] === 'forbidden_address' ? 'unknown' : 'down';
  if (isDownStatus(detail['httpStatus'])) return 'down';
  return RESPONDED.has(code) ? 'up' : 'unknown';
}
