import type { ErrorCode } from './errors.js';

const AGAIN = 'try again shortly';
const READ_AGAIN = 'read it again, with its `ETag`, and repeat the change';

/** What to do about each error, as the end of a sentence. */
export const ERROR_ADVICE: Record<ErrorCode, string> = {
  invalid_request: 'correct the fields in `errors`, each with the rule that it breaks',
  unauthenticated: 'send the administrator token as `Authorization: Bearer …`',
  forbidden: 'use the token of an administrator who may',
  not_found: 'check id or slug, and the path',
  slug_taken: 'choose another slug; the slug of a deleted gateway is given again only together with its URL',
  url_forbidden: 'use https, or allow the host in `LETHE_ALLOWED_UPSTREAMS`; `rule` says what is wrong',
  mapping_forbidden: '`rule` says what is wrong with the mapping',
  name_clash: 'choose another name in `as`',
  idempotency_mismatch: 'use a new key for another request',
  idempotency_running: 'wait for the first request, then repeat it with the same key',
  conflict: READ_AGAIN,
  header_clash: 'map another header at one of the gateways, or serve them apart',
  too_many_sessionful: 'split the virtual server',
  session_token_too_large: 'split the virtual server',
  server_too_large: 'split the virtual server',
  nothing_to_apply: 'nothing; the verification is applied already or has nothing new',
  precondition_failed: READ_AGAIN,
  credential_in_clear:
    'rotate the credential: it was sent in clear; then seal it with `lethe add` or `lethe verify`. `errors` names the field, ' +
    'if it was in a text; what stands for a secret there may be `${TOKEN}` or `<token>`',
  unsupported_media_type: 'send `application/json`',
  payload_too_large: 'send less',
  no_slot: AGAIN,
  too_many_slots:
    'use the slots that you reserved, cancel those that nobody needs (`cancel` has their addresses), or wait for `Retry-After`',
  slot_gone: 'start a new verification',
  credential_refused: 'start a new verification',
  role_required: 'ask an administrator with the role in `role`, or for a token with it',
  last_administrator: 'make another administrator with the role admin first, enabled and without an expiry',
  too_many_failures: 'correct the token: `why` and `detail` say what is wrong with it; or wait as `Retry-After` says',
  gateway_in_use:
    'change the virtual servers in `servers` first, or delete it with `?force=true`: they then lose its items',
  answer_lost: 'read the resource: the change is there; then go on with a new `Idempotency-Key`',
  secret_shown_once: 'delete what `id` names, then make another one with a new `Idempotency-Key`',
  bus_captured: 'let an operator check the streams and permissions of NATS',
  bus_unavailable: AGAIN,
  database_unavailable: AGAIN,
  row_tampered: 'let an operator compare the row with a backup: it was changed by something other than Lethe',
  too_many_roles: 'give several roles one name, at the issuer or in `access.roles.map`, or split the virtual server',
  import_refused:
    'correct what `problems` names: each has the error that the single request would get; `?dryRun=true` shows them too',
  proxies_outdated: 'replace these proxies by new ones, then repeat the change ([upgrade](upgrade.md))',
  rate_limited:
    'wait for `retryAfterSeconds`; `limit` says which limit it is ([grants and limits](grants.md#limits)). `refused`: too many ' +
    'wrong keys came from this address; send the right one, which passes at once',
  keeping_off:
    'let callers bring their own credentials, or set `LETHE_KEPT_CREDENTIALS` of registry and proxies to `on` ' +
    '([security model](security-model.md#credentials-that-are-kept))',
  kept_key_missing: 'run `lethe trust rotate kept`, and give the files to proxies and registry ([keys](keys.md))',
  kept_refused: 'read the offer again (`GET …/kept-credential`) and seal for it; `member` names what differs',
  gateway_unverified: 'verify the gateway first',
  key_replaced: 'rotate the key in `id` instead, or revoke it first if nobody has it',
  too_many_streams: 'close a stream that you no longer read, or let programs share one',
  too_many_probes: 'wait as long as `Retry-After` says; 30 in a minute and 2 at once are allowed',
  no_connector: 'start a connector, or look at its log; then try again',
  review_superseded: 'read the diff of the newest verification, and decide about that',
  server_waits: 'apply it too, or the whole result',
  internal: 'find the log line with this request id',
  server_unknown: 'check the slug in the URL; a new virtual server takes a moment to be published',
  caller_unknown: 'send a key or token of this virtual server: `Authorization: Bearer <key>`',
  origin_forbidden: 'let an operator allow the origin of the page',
  host_forbidden: 'call the address that the operator configured',
  method_not_allowed:
    'use a method that the `Allow` header names; an MCP endpoint takes POST, and GET within a session',
  header_illegal: 'correct the header that the message names',
  header_too_large: 'send a shorter value',
  session_unknown: 'begin with `initialize` again',
  session_too_large: 'let an administrator split the virtual server',
  headers_too_large: 'leave out the headers of gateways that are not used, or let the operator raise the limit',
  request_malformed: 'look at what stands between the client and Lethe: a client of HTTP does not send this',
  request_timeout: 'try again; look for what holds the request back',
  expectation_unsupported: 'send the request without that header',
  http_version_unsupported: 'use HTTP/1.1',
  server_disabled: 'let an administrator switch it on again',
  not_ready: AGAIN,
  parse_error: 'send JSON',
  message_invalid: 'send one JSON-RPC message; `rule` says what is wrong',
  method_unknown: 'use a method that this virtual server has ([methods](methods.md))',
  params_invalid: 'correct the member that `data` names',
  item_unknown: 'list the items again',
  resource_unknown: 'list the resources again',
  header_mismatch: 'let the header repeat the body, as the specification requires',
  discover_refused:
    'begin with `initialize`, or set `eras` to `both` ([eras](eras.md#which-eras-a-virtual-server-serves))',
  era_refused: 'use a version in `data.supported`, or let an administrator set `eras`',
  version_unsupported: 'use a version in `data.supported`',
  credential_required:
    'send the header that the message names. Without `data.header`, an administrator must add a mapping. With `data.oauth`, ' +
    '`lethe login` gets a token ([details](#what-an-upstream-asks-for))',
  credential_ambiguous: 'send one of the headers in `data.use`',
  credential_malformed: 'send the header in the form that the message says, and once',
  dpop_proofs_used_up:
    'send more proofs in one header, of the HTTP method in `data.method`: [each is used once](virtual-servers.md#proofs-of-possession)',
  upstream_rejected_credential:
    'check that the credential is complete and valid, and allows this. `data.httpStatus` is 401 (not accepted) or 403 (not ' +
    'allowed); `data.notSent` are headers that were not sent. `data.challenge` and `data.oauth` say more ' +
    '([details](#what-an-upstream-asks-for))',
  gateway_unavailable:
    'let an administrator enable the gateway, verify it again, or keep another credential for it; `data.why` says which. With ' +
    '`data.retryAfterSeconds`, try again after it',
  upstream_unreachable:
    'try again, then let an operator check the upstream and the network; `data.why` says what failed',
  upstream_failed: 'look into the log of the upstream; `data.why` and `data.httpStatus` say what it did',
  input_unanswered: 'answer sooner, or call again',
  stream_unavailable: AGAIN,
  upstream_redirected: 'let an administrator register the address that the upstream redirects to',
  upstream_rate_limited: 'wait for `data.retryAfterSeconds`, if the upstream named a time',
  upstream_unavailable: 'wait for `data.retryAfterSeconds`, if the upstream named a time',
  kept_credential_rejected:
    'let an administrator keep another credential for the gateway; callers can do nothing. `data.httpStatus` is 401 (not ' +
    'accepted) or 403 (not allowed)',
  kept_credential_only: 'leave out the header in `data.header`',
  kept_not_granted: 'let an administrator add a grant for a role of the caller that names the gateway',
};
