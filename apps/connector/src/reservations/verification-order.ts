import type { VerificationOrder, PassthroughMapping } from '@lethe/contracts';
import { canonicalUrl, isSlug, mappingsProblem, upstreamUrlProblem, type UpstreamPolicy } from '@lethe/mcp';
import type { Stamped, Trust } from '@lethe/sealing';
import { isUUID } from 'class-validator';

const TRANSPORTS: readonly unknown[] = ['auto', 'streamable-http', 'sse'];
const MAX_CA_CHARACTERS = 64 * 1024;

/**
 * Verifies a signed order. Returns it if a registry signed it, it has not expired, and its URL and mappings are
 * allowed; otherwise `undefined`, without saying why.
 */
export async function acceptOrder(
  jws: string,
  trust: Trust,
  policy: UpstreamPolicy,
  now: Date,
): Promise<VerificationOrder | undefined> {
  const claims = await trust.verify<Partial<VerificationOrder>>('order', jws, { now }).catch(() => undefined);
  if (claims === undefined || !isOrder(claims)) return undefined;
  const isFit =
    claims.exp * 1000 > now.getTime() &&
    upstreamUrlProblem(claims.url, policy) === undefined &&
    canonicalUrl(claims.url) === claims.url &&
    mappingsProblem(claims.mappings) === undefined;
  return isFit ? claims : undefined;
}

function isOrder(claims: Partial<VerificationOrder> & Stamped): claims is VerificationOrder & Stamped {
  return (
    isUUID(claims.vid) &&
    isUUID(claims.gatewayId) &&
    typeof claims.slug === 'string' &&
    isSlug(claims.slug) &&
    typeof claims.url === 'string' &&
    TRANSPORTS.includes(claims.transport) &&
    isMappings(claims.mappings) &&
    isPositive(claims.configRevision) &&
    isPositive(claims.attempt) &&
    isPositive(claims.exp) &&
    typeof claims.administrator === 'string' &&
    (claims.credential === 'sealed' || claims.credential === 'none') &&
    (claims.tlsCa === undefined || isCertificate(claims.tlsCa))
  );
}

function isMappings(value: unknown): value is PassthroughMapping[] {
  return Array.isArray(value) && value.every((entry: unknown) => isMapping(entry));
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'header' in value && typeof value.header === 'string';
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function isCertificate(value: unknown): boolean {
  return typeof value === 'string' && value.length <= MAX_CA_CHARACTERS && value.includes('BEGIN CERTIFICATE');
}
