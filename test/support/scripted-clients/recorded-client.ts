import type { Era } from '@lethe/contracts';

/** A request without a JSON-RPC message; `{path}` is the path of the MCP endpoint. */
export type Probe = `${'GET' | 'POST'} ${string}`;

/** One request, as far as its `_meta` depends on it. */
export interface Numbered {
  era: Era;
  id: number;
  method: string;
  /** How many requests with a progress token came before it. */
  count: number;
}

/** What a client does after a 404 in its session, and before it repeats the call. */
export interface NewSession {
  /** Whether its JSON-RPC ids begin anew or go on; or the call keeps its own. */
  ids: 'anew' | 'go on' | 'repeat';
  /** The id of `initialize` where that is not counted. */
  initializeId?: string;
  deletesLost?: true;
  /** How often it begins; it uses the last session. Once otherwise. */
  times?: number;
  /** Names the negotiated version in the header of `initialize`. */
  sendsVersion?: true;
  listsAgain?: true;
}

/** How a client asks: what was recorded of one version of it, on loopback and with servers of each era. */
export interface RecordedClient {
  /** Product or package, and version. */
  name: string;
  /** `User-Agent`. */
  agent: string;
  /** `Accept` of POST requests, in its order. */
  accept: string;
  /** `Accept` of GET requests. */
  streamAccept: string;
  /** `Accept-Encoding`. */
  encodings: string;
  info: Record<string, unknown>;
  capabilities: Record<string, object>;
  begins: 'server/discover' | 'initialize';
  /** The JSON-RPC id of its first request; further ones count on. */
  firstId: number;
  /** The id of `server/discover` where that is not counted. */
  probeId?: string;
  /** The protocol version that it offers in `initialize`. */
  offers: string;
  /** The version in the header of its first `initialize`, which the others do not send. */
  initializesWithVersion?: string;
  /** `MCP-Protocol-Version` in the session. */
  sendsVersion: boolean;
  /** `Mcp-Method` and `Mcp-Name` in the legacy era too. */
  mirrorsInLegacy?: true;
  /** Sends `params` in a legacy request too if there are none. */
  sendsEmptyParams?: true;
  /** What it sends in `_meta` besides the envelope. */
  meta?(request: Numbered): Record<string, unknown> | undefined;
  /** Where in the legacy order it opens the GET stream. */
  stream: 'after initialized' | 'before initialized';
  /** Also tries GET before `initialize`, without a session. */
  triesStreamFirst?: true;
  /** Opens `subscriptions/listen`, with this JSON-RPC id or the next one. */
  listens?: string | true;
  /** Reads the first page of a list only. */
  readsOnePage?: true;
  /** Sends `notifications/cancelled` for each call when it has ended. */
  cancelsEndedCalls?: true;
  deletes: boolean;
  /** What it sends before anything else. */
  looksFirst?: Probe[];
  /** Opens a session under this name before its own. */
  triesOutAs?: Record<string, unknown>;
  /** How often it tries to connect; once otherwise. */
  attempts?: number;
  /** After a 401 to `server/discover`. */
  initializesWhenUnauthorized?: true;
  /** After a 401 to all of that, if it sent a key. */
  whenUnauthorized: Probe[];
  /** The same without a key, if that differs. */
  withoutKey?: Probe[];
  /** Undefined: it fails, and every later call does (FastMCP and rmcp: not recorded). */
  onLostSession?: NewSession;
}
