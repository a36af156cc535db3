import { isObject, nameToSend, parseJson } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { headersFromLogins, type LoginHeader, type LoginHeaders, loginHeadersOf } from '../login/login-headers.js';
import type { callTool } from '../mcp/call-tool.js';
import { callerCredentials, missingText } from '../mcp/caller-credentials.js';
import type { Endpoint } from '../mcp/endpoint.js';
import { readUpstreams } from '../mcp/upstreams.js';
import type { Terminal } from '../terminal/terminal.js';
import { interruptible } from './interrupt.js';
import { callerKey, endpointFor, hasLogins, withTokens } from './open-logins.js';
import { type CommonFlags, type RunContext, terminalFor } from './run-context.js';

/**
 * Reads the arguments of a tool: a JSON object.
 * @throws CliError `arguments_malformed`, which does not repeat them
 */
export function toolArguments(text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (isObject(value)) return value;
  throw new CliError(
    'usage',
    'arguments_malformed',
    'The arguments of a tool are a JSON object, such as {"city": "Oslo"}',
  );
}

/**
 * `lethe call <server> <tool> [json]`: calls a tool as an MCP client does. It needs no administrator: the caller's key and the
 * credentials for upstreams come from the variables that `lethe connect` names.
 */
export async function callOneTool(
  context: RunContext,
  server: string,
  tool: string,
  given: Record<string, unknown> | undefined,
  flags: CommonFlags,
): Promise<void> {
  const terminal = terminalFor(context, flags);
  const endpoint = await endpointFor(context, server, flags);
  const headers = await headersFor(context, endpoint, terminal);
  // Only this command needs an MCP client, which is half of the program.
  const client = await import('../mcp/call-tool.js');
  const result = await interruptible((signal) =>
    client.callTool({
      url: endpoint.mcp,
      headers,
      tool,
      arguments: given ?? {},
      signal,
      onProgress: ({ progress, total, message }) =>
        terminal.note(
          ['progress', total === undefined ? progress : `${progress}/${total}`, message ?? ''].join(' ').trimEnd(),
        ),
    }),
  );
  printResult(terminal, result);
  terminal.printJson(result);
  if (result.isError === true) throw new CliError('toolFailed', 'tool_failed', 'The tool reports that it failed');
}

/** From variables, and for what they do not have, from the person's logins. */
async function headersFor(
  context: RunContext,
  endpoint: Endpoint,
  terminal: Terminal,
): Promise<Record<string, string>> {
  const upstreams = await readUpstreams(endpoint, callerKey(context));
  const { headers, unset } = callerCredentials(upstreams, context.settings);
  const wanted = loginHeadersOf(upstreams).filter(({ header }) => unset.includes(header));
  const fromLogins = await loginHeaders(context, endpoint, wanted);
  for (const { gateway, error } of fromLogins.failures) {
    if (error.code !== 'not_logged_in') terminal.note(`Your login for ${gateway}: ${error.message} (${error.code})`);
  }
  const missing = unset.filter((header) => header.required && !(nameToSend(header) in fromLogins.headers));
  for (const header of missing) terminal.note(`Not set, and required by a gateway: ${missingText(header)}`);
  return { ...headers, ...fromLogins.headers };
}

async function loginHeaders(
  context: RunContext,
  endpoint: Endpoint,
  wanted: readonly LoginHeader[],
): Promise<LoginHeaders> {
  if (wanted.length === 0 || !(await hasLogins(context))) return { headers: {}, failures: [] };
  return withTokens(context, (tokens) => headersFromLogins(endpoint, wanted, tokens));
}

function printResult(terminal: Terminal, { content, structuredContent }: Awaited<ReturnType<typeof callTool>>): void {
  for (const part of content) {
    if (part.type === 'text') for (const line of part.text.split('\n')) terminal.print(line);
    else terminal.print(JSON.stringify(part));
  }
  if (content.length === 0 && structuredContent !== undefined) terminal.print(JSON.stringify(structuredContent));
}
