import {
  type CallToolResult,
  Client,
  type Progress,
  ProtocolError,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { isObject, parseJson } from '@lethe/mcp';
import { VERSION } from '@lethe/platform';
import { CliError } from '../errors/cli.error.js';
import { directFetch } from './direct-fetch.js';

const TIMEOUT_MS = 60_000;
const MAX_TIMEOUT_MS = 600_000;

/** One call of a tool. */
export interface ToolCall {
  url: string;
  headers: Record<string, string>;
  tool: string;
  arguments: Record<string, unknown>;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
}

/**
 * Calls a tool as an MCP client of any era does: with `server/discover`, or `initialize` where that is refused.
 * @throws CliError `call_failed`, `cancelled`
 */
export async function callTool(call: ToolCall): Promise<CallToolResult> {
  const { url, headers, tool: name, signal, onProgress: onprogress } = call;
  const client = new Client({ name: 'lethe', version: VERSION }, { versionNegotiation: { mode: 'auto' } });
  const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers }, fetch: directFetch });
  try {
    await client.connect(transport);
    const limits = { timeout: TIMEOUT_MS, maxTotalTimeout: MAX_TIMEOUT_MS, resetTimeoutOnProgress: true };
    return await client.callTool({ name, arguments: call.arguments }, { ...limits, signal, onprogress });
  } catch (error) {
    if (signal.aborted) throw new CliError('cancelled', 'cancelled', 'Cancelled; the upstream may have done it');
    throw failed(error);
  } finally {
    await client.close();
  }
}

/** What a server answers may be shown; other errors may quote what was sent. */
function failed(error: unknown): CliError {
  const told = error instanceof ProtocolError ? error.message : toldByStatus(error);
  if (told !== undefined) return new CliError('refused', 'call_failed', told);
  return new CliError('unreachable', 'call_failed', 'The call did not get an answer', [
    'To see what is wrong with the set-up: lethe doctor',
  ]);
}

/** The message of a JSON-RPC error that came with an HTTP status, as that of a rejected credential can. */
function toldByStatus(error: unknown): string | undefined {
  if (!(error instanceof SdkHttpError)) return undefined;
  const { text } = error.data;
  const body = typeof text === 'string' ? parseJson(text) : undefined;
  const told = isObject(body) ? body['error'] : undefined;
  const message = isObject(told) ? told['message'] : undefined;
  return typeof message === 'string' ? message : undefined;
}
