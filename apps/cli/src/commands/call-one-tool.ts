import { isObject, parseJson } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { callTool } from '../mcp/call-tool.js';
import { callerCredentials, missingText } from '../mcp/caller-credentials.js';
import { endpointOf } from '../mcp/endpoint.js';
import { findProxyUrl } from '../registry/find-registry.js';
import { readHomeRuntime } from '../registry/home-runtime.js';
import { refusePlainHttp } from '../registry/registry-url.js';
import type { Terminal } from '../terminal/terminal.js';
import { interruptible } from './interrupt.js';
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
  const endpoint = endpointOf(server, await proxyUrl(context));
  if (flags.insecureHttp !== true) refusePlainHttp(endpoint.mcp);
  const { headers, missing } = await callerCredentials(endpoint, context.settings);
  for (const header of missing) terminal.note(`Not set, and required by a gateway: ${missingText(header)}`);
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

/** Without a registry: what runs here, or what LETHE_PUBLIC_URL names. */
async function proxyUrl({ settings }: RunContext): Promise<string | undefined> {
  const runtime = await readHomeRuntime(settings);
  if (runtime === undefined) return settings.publicUrl;
  return findProxyUrl(settings, { url: runtime.registryUrl, token: '' });
}

function printResult(terminal: Terminal, { content, structuredContent }: Awaited<ReturnType<typeof callTool>>): void {
  for (const part of content) {
    if (part.type === 'text') for (const line of part.text.split('\n')) terminal.print(line);
    else terminal.print(JSON.stringify(part));
  }
  if (content.length === 0 && structuredContent !== undefined) terminal.print(JSON.stringify(structuredContent));
}
