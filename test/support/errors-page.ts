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
  \`missingCredential: "error"\` ([virtual servers](virtual-servers.md#missing-credentials)).

Codes are stable, and so are the numbers of Lethe's own. None of these numbers and messages contains an HTTP status such as
401: some clients search an error's text for one. What an upstream itself answers as a JSON-RPC error is relayed with its own
code and message.
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
  return format([HEAD, ...families].join('\n\n'), { parser: 'markdown', proseWrap: 'always', printWidth: 120 });
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
