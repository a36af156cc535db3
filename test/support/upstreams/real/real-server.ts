import type { JsonObject } from '@lethe/contracts';

/** A response that is no result: a JSON-RPC error, or a body of another kind. */
export interface Refusal {
  status: number;
  /** Code of a JSON-RPC error; `text` and nothing else otherwise. */
  code?: number;
  data?: JsonObject;
  text?: string;
  /** Versions of the other era, with which it answers `server/discover` all the same. */
  discovers?: readonly string[];
}

export type Kind = 'tools' | 'resources' | 'prompts';

/** What a server offers in one era. */
export interface OfferedEra {
  capabilities: JsonObject;
  /** Whether its tool `ask` asks the client, or says that it can't; it has no such tool otherwise. */
  ask?: 'asks' | 'refuses';
  /** What carries a result, JSON otherwise: `events` have no ids; the `primer` is a first event with an id and empty data. */
  results?: 'events' | 'events ids' | 'events ids primer';
  /** It shows `ask` only to clients that declare elicitation. */
  hidesAsk?: boolean;
  /** Kinds that it declares and has nothing of. */
  empty?: readonly Kind[];
}

/** How its transport of the legacy era behaves. */
export interface LegacyTransport {
  /** `given`: an id that is never checked. */
  sessions: 'kept' | 'given' | 'none';
  /** It asks on the stream of the session, the GET, and not on that of the call. */
  asksOnSessionStream?: boolean;
  /** The response to a request with an id of no session, and without an id, where sessions are kept. */
  unknownId?: Refusal;
  withoutId?: Refusal;
  /** The one version that it answers with; the client's otherwise. */
  protocolVersion?: string;
}

/** One real server, as its transport and its items were observed. */
export interface RealServer {
  /** Package and version that this stands for. */
  name: string;
  version: string;
  instructions?: string;
  /** What its `serverInfo` has besides name and version. */
  identity?: JsonObject;
  /** A server without this era has a refusal instead. */
  legacy: (OfferedEra & LegacyTransport) | Refusal;
  modern: OfferedEra | Refusal;
  /** `isError` in a result, or a code. */
  unknownTool: 'isError' | number;
  /** Without a session id. */
  get: 'stream' | Refusal;
  delete: Refusal;
}

export function isRefusal(era: object): era is Refusal {
  return 'status' in era;
}

/** Whether a server has anything in an era. */
export function hasItems(era: OfferedEra | Refusal): boolean {
  return !isRefusal(era) && (era.empty?.length ?? 0) < 3;
}
