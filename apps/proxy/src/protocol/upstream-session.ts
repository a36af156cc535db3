/** A session with one upstream. */
export interface UpstreamSession {
  /** Undefined if the upstream gave none. */
  readonly id: string | undefined;
  /** The negotiated protocol version. */
  readonly version: string;
  /** Its streams carry event ids, so they can be resumed. Set only for a session that was just opened. */
  readonly hasEventIds?: boolean;
}

/** The headers of every message within a session. */
export function sessionHeaders({ id, version }: UpstreamSession): [name: string, value: string][] {
  const headers: [string, string][] = [['mcp-protocol-version', version]];
  if (id !== undefined) headers.push(['mcp-session-id', id]);
  return headers;
}
