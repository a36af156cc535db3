import { memberText, type TraceContext, type TraceMeta } from '@lethe/mcp';
import type { Span } from '@lethe/platform';

/** Longest answer in which an error is looked for. */
export const MAX_READ_BYTES = 64 * 1024;
/** What `error.type` is called for a tool's result with `isError`. */
export const TOOL_ERROR = 'tool_error';

/** Only where this is, members are looked at: most answers have it nowhere. */
const FAILED_TOOL = /"isError"\s*:\s*true/;

/** The spans of one sampled message of a client, and what its upstream answered. */
export class CallTrace {
  /** `error.type` of the upstream's answer: a JSON-RPC code or `tool_error`; undefined if it was no error. */
  upstreamError: string | undefined = undefined;

  constructor(
    /** Lethe as the server of the client. */
    readonly server: Span,
    /** Lethe as the client of the upstream; undefined for messages that Lethe answers itself. */
    readonly client: Span | undefined,
    /** The trace of the HTTP request, if the message has another parent. */
    readonly link: TraceContext | undefined,
    /** What the upstream gets. */
    readonly toUpstream: TraceMeta | undefined,
  ) {}

  /** Reads whether the JSON of a response is an error, and of which kind. */
  answered(json: string): void {
    if (json.length > MAX_READ_BYTES) return;
    if (json.includes('"error"')) this.failed(numberIn(memberText(json, 'error'), 'code'));
    if (FAILED_TOOL.test(json)) this.resulted(memberText(json, 'result'));
  }

  /** Reads whether the JSON of a result is that of a tool that failed. */
  resulted(json: string | undefined): void {
    if (json === undefined || json.length > MAX_READ_BYTES || !FAILED_TOOL.test(json)) return;
    if (json.startsWith('{') && memberText(json, 'isError') === 'true') this.upstreamError = TOOL_ERROR;
  }

  failed(code: number | undefined): void {
    if (code !== undefined) this.upstreamError = String(code);
  }
}

function numberIn(json: string | undefined, name: string): number | undefined {
  const text = json?.startsWith('{') ? memberText(json, name) : undefined;
  return text !== undefined && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}
