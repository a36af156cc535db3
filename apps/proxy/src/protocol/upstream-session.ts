/** A session with one upstream: its id, if the upstream gave one, and the negotiated version. */
export interface UpstreamSession {
  readonly id: string | undefined;
  readonly version: string;
  /** The upstream's streams have event ids, so that they can be resumed. Known only right after `initialize`. */
  readonly hasEventIds?: boolean;
}

/** The headers of every message within a session. */
export function sessionHeaders({ id, version }: UpstreamSession): [name: string, value: string][] {
  const headers: [string, string][] = [['mcp-protocol-version', version]];
  if (id !== undefined) headers.push(['mcp-session-id', id]);
  return headers;
}
