import { ERROR_ADVICE, ERRORS, type ErrorCode } from '@lethe/platform';
import { format } from 'prettier';

const HEAD = `# Errors

Every error that Lethe itself answers with. This page is generated from \`libs/platform/src/error-tables\` and
\`libs/platform/src/error-advice.ts\`; \`npx vitest run test/architecture/errors-page.spec.ts -u\` writes it again.

- **On the admin API** an error is [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details: \`code\` is the code
  below, \`title\` its meaning, \`type\` the path of its description here: \`GET /problems/<code>\` on the same service tells
  what this page tells. Further members are the details.
- **On an MCP endpoint** it is a JSON-RPC error: \`code\` is the number, \`data.reason\` the code, and the other members of
  \`data\` are the details: names of gateways, headers and rules, never a value that a caller or an upstream sent. \`message\`
  says more than the meaning below: most clients show nothing else, so it names the gateway (its name and its slug) and the
  header.
- **About the credential for a tool** the answer is a tool result with \`isError: true\` instead, unless the virtual server has
  \`missingCredential: "error"\` ([virtual servers](virtual-servers.md#missing-credentials)). With \`rejectedCredential: "http"\`, one
  that is missing or rejected has HTTP status 401 or 403 as well ([rejected credentials](virtual-servers.md#rejected-credentials)).

Codes are stable, and so are the numbers of Lethe's own. None of these numbers and messages contains an HTTP status such as
401: some clients search an error's text for one. What an upstream itself answers as a JSON-RPC error is relayed with its own
code and message.
`;

const CHALLENGE = `## What an upstream asks for

\`credential_required\` and \`upstream_rejected_credential\` say what is known of the credential that the upstream wants, so that a
program can get one. A tool result has the same members in \`_meta["lethe/error"]\`.

| in \`data\` | what it is | from |
| --- | --- | --- |
| \`challenge.scheme\` | a registered authentication scheme, such as \`Bearer\` | \`WWW-Authenticate\` of the upstream: of several challenges, the one that says most |
| \`challenge.error\` | \`invalid_token\`, \`insufficient_scope\`, \`invalid_request\`, \`invalid_dpop_proof\` or \`use_dpop_nonce\` | the same |
| \`challenge.scope\` | what a token should be allowed: at most 32 scope tokens ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)) of 128 characters | the same |
| \`challenge.dpopNonce\` | for the next proof of possession ([RFC 9449](https://www.rfc-editor.org/rfc/rfc9449#section-8)) | \`DPoP-Nonce\` of the upstream |
| \`challenge.metadataElsewhere\` | the challenge names metadata at another origin than the upstream's; their address is not told | \`WWW-Authenticate\` |
| \`oauth.resource\`, \`oauth.issuer\` | what a token is for, and the first authorization server that gives one | the signed manifest: what the last verification found. Absent where callers can send no token |

A value that is malformed, too long or given twice is left out. Nothing else of a challenge is told: descriptions, realms and
addresses are the upstream's text, and could lead a person or a model elsewhere.
`;

const FAMILIES: [title: string, has: (rpc: number) => boolean][] = [
  ['The admin API', (rpc) => between(rpc, 1100)],
  ['An MCP endpoint', (rpc) => between(rpc, 1200)],
  ['One upstream', (rpc) => between(rpc, 1300)],
  ['Numbers of JSON-RPC and MCP', (rpc) => rpc < 0],
];

/** The page `docs/operations/errors.md`. */
export function errorsPage(): Promise<string> {
  const families = FAMILIES.map(
    ([title, has]) =>
      `## ${title}\n\n${codes()
        .filter((code) => has(ERRORS[code].rpc))
        .map(paragraph)
        .join('\n\n')}`,
  );
  return format([HEAD, ...families, CHALLENGE].join('\n\n'), {
    parser: 'markdown',
    proseWrap: 'always',
    printWidth: 120,
  });
}

/** All codes, in the order of the table. */
export function codes(): ErrorCode[] {
  return Object.keys(ERRORS).filter((code): code is ErrorCode => code in ERRORS);
}

function paragraph(code: ErrorCode): string {
  const { rpc, status, message } = ERRORS[code];
  return `### ${code}\n\nHTTP status ${status}, number ${rpc}. ${message}.\n\nWhat to do: ${ERROR_ADVICE[code]}.`;
}

function between(rpc: number, family: number): boolean {
  return rpc >= family && rpc < family + 100;
}
