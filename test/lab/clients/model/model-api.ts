/** A tool as the agent offers it to the model. */
export interface OfferedTool {
  /** With the prefix that the agent gives it. */
  name: string;
  /** Codex groups the tools of a server in a namespace. */
  namespace?: string;
}

/** A result of a tool, as the agent shows it to the model. */
export interface ToolResult {
  /** The id that the model gave the call. */
  id: string;
  text: string;
}

/** What the model does next. */
export type Move = { text: string } | { id: string; tool: OfferedTool; arguments: object };

/** One event of a streamed reply. */
export interface StreamEvent {
  event?: string;
  data: unknown;
}

/** How one vendor's API says all this. */
export interface ModelApi {
  path: RegExp;
  /** @param issued the ids of the calls made so far, for APIs whose results name no id */
  read(
    body: unknown,
    request: { path: string; issued: readonly string[] },
  ): { tools: OfferedTool[]; results: ToolResult[]; isStream: boolean };
  write(move: Move, body: unknown): { whole: unknown; events: StreamEvent[] };
}

/** The text of a content that may be a string, a list of blocks, or anything else. */
export function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content ?? '');
}
