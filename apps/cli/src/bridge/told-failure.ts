import { ERROR_META, isObject, isPlainScope, parseJson } from '@lethe/mcp';

/** Longer responses are results. */
export const MAX_FAILURE_BYTES = 65_536;

const REASONS = { upstream_rejected_credential: 'rejected', credential_required: 'missing' } as const;

/** What Lethe says of the credential for a gateway. */
export interface CredentialFailure {
  readonly kind: 'credential';
  /** `scope`: the token is good, and not for this (RFC 6750, section 3.1). */
  readonly why: 'rejected' | 'missing' | 'scope';
  readonly gateway: string;
  /**
   * Whether another token may help: a 403 is about what the person may do, unless it names a scope, and another token has the same
   * key for its proofs.
   */
  readonly isAboutToken: boolean;
  /** What the upstream wants the token to be for, besides what it is for. */
  readonly scope?: string;
  /** The response, as it came. */
  readonly json: string;
}

/** What Lethe says of headers that have to repeat the body. */
export interface HeaderFailure {
  readonly kind: 'headers';
  readonly json: string;
}

/** A response that the bridge can do something about. */
export type ToldFailure = CredentialFailure | HeaderFailure;

/** The failure that a response tells; undefined for all others, which are not parsed. */
export function toldFailure(json: string): ToldFailure | undefined {
  if (json.length > MAX_FAILURE_BYTES || !/credential_required|upstream_rejected_credential|header_mismatch/.test(json))
    return undefined;
  const data = toldData(json);
  const { reason, gateway, httpStatus, challenge } = data;
  if (reason === 'header_mismatch') return { kind: 'headers', json };
  const why = reason === 'upstream_rejected_credential' || reason === 'credential_required' ? REASONS[reason] : undefined;
  if (why === undefined || typeof gateway !== 'string') return undefined;
  const scope = why === 'rejected' ? wantedScope(challenge) : undefined;
  if (scope !== undefined) return { kind: 'credential', why: 'scope', gateway, isAboutToken: true, scope, json };
  return { kind: 'credential', why, gateway, isAboutToken: why === 'missing' || (httpStatus === 401 && !isAboutProof(challenge)), json };
} // prettier-ignore

/** Another login helps only where the upstream says what it has to be for. */
function wantedScope(challenge: unknown): string | undefined {
  if (!isObject(challenge) || challenge['error'] !== 'insufficient_scope') return undefined;
  const { scope } = challenge;
  return typeof scope === 'string' && isPlainScope(scope) ? scope : undefined;
}

function isAboutProof(challenge: unknown): boolean {
  const error = isObject(challenge) ? challenge['error'] : undefined;
  return error === 'invalid_dpop_proof' || error === 'use_dpop_nonce';
}

/** The `data` of Lethe's error in a response. */
export function toldData(json: string): Record<string, unknown> {
  const message = parseJson(json);
  if (!isObject(message)) return {};
  const { error, result } = message;
  if (isObject(error)) return isObject(error['data']) ? error['data'] : {};
  const meta = isObject(result) && isObject(result['_meta']) ? result['_meta'][ERROR_META] : undefined;
  return isObject(meta) ? meta : {};
}
