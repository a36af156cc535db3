import { MAPPING_SCHEMES, type PassthroughMapping } from '@lethe/contracts';

/** Longest credential in a header. A longer one is rejected, never truncated. */
export const MAX_CREDENTIAL_BYTES = 8 * 1024;
/** Largest number of mappings of one gateway. */
export const MAX_MAPPINGS = 16;

/** Hop-by-hop headers (RFC 9110, section 7.6.1), lower case. Names listed in `Connection` are hop-by-hop too. */
export const HOP_BY_HOP_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Headers that route, frame or describe a message, or that Lethe sets itself: they can't contain a credential. */
const RESERVED = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'age',
  'alt-svc',
  'cache-control',
  'cookie',
  'cookie2',
  'date',
  'expect',
  'forwarded',
  'host',
  'last-event-id',
  'max-forwards',
  'origin',
  'pragma',
  'range',
  'referer',
  'set-cookie',
  'traceparent',
  'tracestate',
  'baggage',
  'user-agent',
  'via',
  'vary',
  'x-real-ip',
]);
const RESERVED_PREFIXES = ['x-forwarded-', 'x-upstream-', 'x-original-', 'mcp-', 'content-', 'proxy-', 'sec-', 'if-'];
const RESERVED_FAMILIES = ['access-control-', 'x-http-method', 'x-lethe-', 'x-envoy-'];

/** RFC 9110 token without `_`: some servers and proxies treat `_` and `-` as the same. */
/** Characters of the names that a passthrough mapping may have. */
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^`|~-]+$/;
const MAX_NAME = 64;
/** Longest name of a passthrough header: it holds the name of a gateway, and of one more for each gateway in a row. */
export const MAX_PASSTHROUGH_NAME = 192;
/** Passthrough headers, those of an upstream that is a gateway itself among them. */
const PASSTHROUGH_NAME = /^x-upstream-[^-]/i;
const SCHEMES: readonly string[] = MAPPING_SCHEMES;
const QUERY_NAME = /^[A-Za-z0-9._~-]{1,64}$/;

/** The rules for mappings, as shown to a user whose mapping breaks one. */
export const MAPPING_PROBLEMS = {
  name_illegal: 'The header name is not a token of 1-64 characters (192 for X-Upstream-...) without underscores',
  hop_by_hop: 'The header is hop-by-hop',
  reserved: 'The header routes, frames or describes a message; it can not contain a credential',
  scheme_unknown: 'The scheme is none of bearer, basic and dpop',
  dpop_scheme:
    'The scheme dpop is for Authorization, beside a mapping of the header DPoP; neither goes into a query parameter',
  proof_scheme: 'The header DPoP has proofs for one request each: no scheme, and no query parameter',
  query_name_illegal: 'The query parameter name is not 1-64 characters of [A-Za-z0-9._~-]',
  duplicate: 'Two mappings write the same header or the same query parameter',
  too_many: 'A gateway has at most 16 mappings',
} as const;
/** A rule that a mapping breaks. */
export type MappingProblem = keyof typeof MAPPING_PROBLEMS;

/** The first rule that a mapping breaks; undefined if there is none. */
export function mappingProblem({ header, scheme, to }: PassthroughMapping): MappingProblem | undefined {
  if (!isHeaderName(header)) return 'name_illegal';
  const name = header.toLowerCase();
  if (HOP_BY_HOP_HEADERS.has(name)) return 'hop_by_hop';
  if (!isPassthroughHeader(name) && isReserved(name)) return 'reserved';
  if (scheme !== undefined && !SCHEMES.includes(scheme)) return 'scheme_unknown';
  if (isProofHeader(name) && (scheme ?? to) !== undefined) return 'proof_scheme';
  if (scheme === 'dpop' && (name !== 'authorization' || to !== undefined)) return 'dpop_scheme';
  return to !== undefined && !isQueryName(to.query) ? 'query_name_illegal' : undefined;
}

/** Whether a header has proofs of possession, of which an upstream takes each once (RFC 9449, section 4.1). */
export function isProofHeader(name: string): boolean {
  return name.toLowerCase() === 'dpop';
}

/** Whether a credential may be in a query parameter of this name. */
export function isQueryName(name: string): boolean {
  return QUERY_NAME.test(name);
}

function isReserved(name: string): boolean {
  return RESERVED.has(name) || [...RESERVED_PREFIXES, ...RESERVED_FAMILIES].some((prefix) => name.startsWith(prefix));
}

/** Whether a passthrough mapping may have this name, as far as its characters and length go. */
export function isHeaderName(name: string): boolean {
  const max = isPassthroughHeader(name) ? MAX_PASSTHROUGH_NAME : MAX_NAME;
  return name.length <= max && HEADER_NAME.test(name);
}

/**
 * Whether this is the name of a passthrough header: of an upstream that is a gateway itself and has upstreams of its own.
 * A mapping to it is explicit: it has no short form, so a caller can only mean it.
 */
export function isPassthroughHeader(name: string): boolean {
  return PASSTHROUGH_NAME.test(name);
}

/** The first rule that the mappings of one gateway break, and which mapping breaks it; undefined if there is none. */
export function mappingsProblem(
  mappings: readonly PassthroughMapping[],
): { index: number; problem: MappingProblem } | undefined {
  if (mappings.length > MAX_MAPPINGS) return { index: MAX_MAPPINGS, problem: 'too_many' };
  const seen = new Set<string>();
  for (const [index, mapping] of mappings.entries()) {
    const problem = mappingProblem(mapping);
    if (problem !== undefined) return { index, problem };
    const places = [`header ${mapping.header.toLowerCase()}`, ...(mapping.to ? [`query ${mapping.to.query}`] : [])];
    if (places.some((place) => seen.has(place))) return { index, problem: 'duplicate' };
    for (const place of places) seen.add(place);
  }
  const index = mappings.findIndex(({ scheme }) => scheme === 'dpop');
  return index === -1 || seen.has('header dpop') ? undefined : { index, problem: 'dpop_scheme' };
}

/** Whether a value is visible ASCII with spaces only inside: every HTTP stack passes it unchanged. The length is not checked. */
export function isLegalHeaderValue(value: string): boolean {
  const last = value.length - 1;
  return last >= 0 && value.charCodeAt(0) !== SPACE && value.charCodeAt(last) !== SPACE && !NOT_VISIBLE.test(value);
}

const SPACE = 0x20;
const NOT_VISIBLE = /[^\x20-\x7e]/;

/** The exact name of a gateway's passthrough header, which is always valid. Compare it case-insensitively. */
export function exactHeaderName(slug: string, header: string): string {
  return `X-Upstream-${slug}-${header}`;
}

/**
 * The short form of a passthrough header's name, which is valid if the virtual server has an owner for it. Undefined for a
 * header that is a passthrough header itself.
 */
export function shortHeaderName(header: string): string | undefined {
  return isPassthroughHeader(header) ? undefined : `X-Upstream-${header}`;
}
