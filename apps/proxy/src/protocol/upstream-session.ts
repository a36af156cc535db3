/** A conversation with one upstream: its session id, if it gave one, and the version agreed with it. */
export interface UpstreamSession {
  readonly id: string | undefined;
  readonly version: string;
  /** Its streams carry event ids, so that they can be taken up again; known when it was opened just now. */
  readonly hasEventIds?: boolean;
}

/** The headers of every message within a session. */
export function sessionHeaders({ id, version }: UpstreamSession): [name: string, value: string][] {
  const headers: [string, string][] = [['mcp-protocol-version', version]];
  if (id !== undefined) headers.push(['mcp-session-id', id]);
  return headers;
}
