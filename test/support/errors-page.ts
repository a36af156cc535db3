import { ERRORS, type ErrorCode } from '@lethe/platform';
import { format } from 'prettier';

const HEAD = `# Errors

Every error that Lethe itself answers with. This page is generated from \`libs/platform/src/errors.ts\` and
\`test/support/errors-page.ts\`; \`npx vitest run test/architecture/errors-page.spec.ts -u\` writes it again.

- **On the admin API** an error is [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details: \`code\` is the code
  below, \`title\` its meaning, and further members are the details.
- **On an MCP endpoint** it is a JSON-RPC error: \`code\` is the number, \`data.reason\` the code, and the other members of
  \`data\` are the details: names of gateways, headers and rules, never a value that a caller or an upstream sent. \`message\`
  says more than the meaning below: most clients show nothing else, so it names the gateway (its name and its slug) and the
  header.
- **About the credential for a tool** the answer is a tool result with \`isError: true\` instead, unless the virtual server has
  \`missingCredential: "error"\` ([virtual servers](virtual-servers.md#missing-credentials)).

Codes are stable, and so are the numbers of Lethe's own. None of these numbers and messages contains an HTTP status such as
401: some clients search an error's text for one. What an upstream itself answers as a JSON-RPC error is relayed with its own
code and message.
`;

const AGAIN = 'try again shortly';
const READ_AGAIN = 'read it again, with its `ETag`, and repeat the change';

/** What to do about each error. */
const WHAT_TO_DO: Record<ErrorCode, string> = {
  invalid_request: 'correct the fields in `errors`, each with the rule that it breaks',
  unauthenticated: 'send the administrator token as `Authorization: Bearer …`',
  forbidden: 'use the token of an administrator who may',
  not_found: 'check id or slug, and the path',
  slug_taken: 'choose another slug',
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
  credential_in_clear: 'rotate the credential: it was sent in clear; then seal it with `lethe add` or `lethe verify`',
  unsupported_media_type: 'send `application/json`',
  payload_too_large: 'send less',
  no_slot: AGAIN,
  too_many_slots: 'use or wait for the slots that you reserved',
  slot_gone: 'start a new verification',
  credential_refused: 'start a new verification',
  bus_captured: 'let an operator check the streams and permissions of NATS',
  bus_unavailable: AGAIN,
  database_unavailable: AGAIN,
  row_tampered: 'let an operator compare the row with a backup: it was changed by something other than Lethe',
  review_superseded: 'read the diff of the newest verification, and decide about that',
  server_waits: 'apply it too, or the whole result',
  internal: 'find the log line with this request id',
  server_unknown: 'check the slug in the URL; a new virtual server takes a moment to be published',
  caller_unknown: 'send a key or token of this virtual server: `Authorization: Bearer <key>`',
  origin_forbidden: 'let an operator allow the origin of the page',
  host_forbidden: 'call the address that the operator configured',
  method_not_allowed: 'use POST; GET only within a session',
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
    'send the header that the message names. Without `data.header`, an administrator must add a mapping',
  credential_ambiguous: 'send one of the headers in `data.use`',
  credential_malformed: 'send the header in the form that the message says, and once',
  upstream_rejected_credential:
    'check that the credential is complete and valid, and allows this. `data.httpStatus` is 401 (not accepted) or 403 (not ' +
    'allowed); `data.notSent` are headers that were not sent',
  gateway_unavailable: 'let an administrator enable the gateway, or verify it again; `data.why` says which',
  upstream_unreachable:
    'try again, then let an operator check the upstream and the network; `data.why` says what failed',
  upstream_failed: 'look into the log of the upstream; `data.why` and `data.httpStatus` say what it did',
  input_unanswered: 'answer sooner, or call again',
  stream_unavailable: AGAIN,
  upstream_redirected: 'let an administrator register the address that the upstream redirects to',
  upstream_rate_limited: 'wait for `data.retryAfterSeconds`, if the upstream named a time',
  upstream_unavailable: 'wait for `data.retryAfterSeconds`, if the upstream named a time',
};

const FAMILIES: [title: string, has: (rpc: number) => boolean][] = [
  ['The admin API', (rpc) => between(rpc, 1100)],
  ['An MCP endpoint', (rpc) => between(rpc, 1200)],
  ['One upstream', (rpc) => between(rpc, 1300)],
  ['Numbers of JSON-RPC and MCP', (rpc) => rpc < 0],
];

/** The page `docs/operations/errors.md`. */
export function errorsPage(): Promise<string> {
  const tables = FAMILIES.map(
    ([title, has]) => `## ${title}\n\n${table(codes().filter((code) => has(ERRORS[code].rpc)))}`,
  );
  return format([HEAD, ...tables].join('\n\n'), { parser: 'markdown', proseWrap: 'always', printWidth: 120 });
}

/** All codes, in the order of the table. */
export function codes(): ErrorCode[] {
  return Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS);
}

function table(of: readonly ErrorCode[]): string {
  const rows = of.map((code) => {
    const { rpc, status, message } = ERRORS[code];
    return `| \`${code}\` | ${rpc} | ${status} | ${message} | ${WHAT_TO_DO[code]} |`;
  });
  return ['| code | number | HTTP status | meaning | what to do |', '| - | - | - | - | - |', ...rows].join('\n');
}

function between(rpc: number, family: number): boolean {
  return rpc >= family && rpc < family + 100;
}
