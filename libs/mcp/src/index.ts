export {
  isAddressListed,
  isHostListed,
  normalHost,
  parseAddress,
  type Destination,
  type UpstreamPolicy,
} from './upstream-policy.js';
export { isAddressAllowed } from './address-rules.js';
export {
  canonicalUrl,
  isOfResource,
  portOf,
  tokenUrlProblem,
  upstreamUrlProblem,
  URL_PROBLEMS,
  urlSecretProblem,
  type UrlProblem,
} from './url-rules.js';
export {
  exactHeaderName,
  HOP_BY_HOP_HEADERS,
  isHeaderName,
  isLegalHeaderValue,
  isProofHeader,
  isQueryName,
  MAPPING_PROBLEMS,
  mappingProblem,
  mappingsProblem,
  MAX_CREDENTIAL_BYTES,
  MAX_MAPPINGS,
  MAX_PASSTHROUGH_NAME,
  shortHeaderName,
  type MappingProblem,
} from './header-rules.js';
export * from './caller-headers.js';
export { urlToRegister } from './redirects.js';
export { relayedJsonHeaders } from './response-headers.js';
export { waitSeconds, waitText } from './retry-after.js';
export { clashingSources, type HeaderSource } from './header-clashes.js';
export { freeSlug, isSlug, SLUG, slugify } from './slugs.js';
export { legalTags, MAX_TAGS, TAG } from './tags.js';
export { TOOL_HINTS, type ToolHint, toolHints } from './tool-hints.js';
export * from './list-kinds.js';
export * from './list-pages.js';
export * from './bearer.js';
export { challengedSchemes, challengeFacts, parseChallenges } from './challenges.js';
export { CLIENT_METADATA_PATH } from './client-metadata.js';
export * from './client-info.js';
export * from './oauth-texts.js';
export * from './instructions.js';
export { nearestWord } from './nearest-word.js';
export { UNSEEN } from './hidden-characters.js';
export * from './hidden-text.js';
export { isTracestate, readTraceparent, SAMPLED, type TraceContext, traceparentOf } from './trace-context.js';
export { type TraceMeta, withTraceMeta } from './trace-meta.js';
export { isCredential, isCredentialScheme } from './credential-form.js';
export * from './slot-offer-form.js';
export { holdsCredential } from './credential-text.js';
export { VENDOR_PREFIXES } from './vendor-tokens.js';
export * from './session-token-length.js';
export * from './json/characters.js';
export * from './json/message-scan.js';
export * from './json/nesting.js';
export * from './json/object-text.js';
export * from './json/passing-json.js';
export * from './json/repeated-names.js';
export * from './json/response-id-scanner.js';
export * from './json/value.js';
export * from './json-rpc.js';
export * from './response-body.js';
export * from './response-head.js';
export * from './sse.js';
export * from './name-globs.js';
export * from './access/explain-access.js';
export * from './access/grant-rules.js';
export * from './access/rated-tools.js';
export * from './unexpanded-variable.js';
export * from './eras.js';
export * from './param-header-annotations.js';
export * from './repeated-headers.js';
export * from './elicited-urls.js';
export * from './visible-text.js';
export { UriTemplate } from './uri-template.js';
