import type { JsonObject } from '@lethe/contracts';
import type { ItemKind } from '../../../api/items.js';

/** The eras of the protocol, as the SDK calls them. */
export type Era = 'legacy' | 'modern';

/** An item as the virtual server offers it to this caller. */
export interface OfferedItem {
  kind: ItemKind;
  /** Its name, URI or URI template. */
  name: string;
  title: string | undefined;
  description: string | undefined;
  definition: JsonObject;
}

/** What an upstream asks the person (elicitation). */
export type Question =
  { mode: 'form'; message: string; schema: JsonObject } | { mode: 'url'; message: string; url: string };

/** What the person answers. */
export interface Answer {
  action: 'accept' | 'decline' | 'cancel';
  content?: JsonObject;
}

/** One HTTP request to the proxy. */
export interface Exchange {
  /** Of JSON-RPC; the method of HTTP where the request has no message. */
  method: string;
  /** HTTP status; undefined if there was no answer. */
  status: number | undefined;
  /** Until the head of the answer. */
  durationMs: number;
}

/** What a call says while it runs. */
export type Notice =
  | { kind: 'progress'; progress: number; total: number | undefined; message: string | undefined }
  | { kind: 'log'; level: string; text: string };

/** Where to, and with what. The headers have credentials: they are kept in this page's memory and in no other place. */
export interface TrialOptions {
  url: string;
  era: Era;
  headers: Readonly<Record<string, string>>;
  ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
  onNotice: (notice: Notice) => void;
  onExchange: (exchange: Exchange) => void;
}

/** What is called: a tool with arguments, a prompt with arguments, a resource by its URI. */
export interface Call {
  kind: ItemKind;
  /** Name or URI; of a template, with its variables filled in. */
  name: string;
  arguments: JsonObject;
}

/** An MCP client that is connected to a virtual server. */
export interface Trial {
  era: Era;
  protocolVersion: string;
  serverName: string;
  items: readonly OfferedItem[];
  /** @throws Refused, or an error of the network or of the SDK */
  run: (call: Call, signal: AbortSignal) => Promise<JsonObject>;
  close: () => Promise<void>;
}

/** A JSON-RPC error that Lethe or the upstream answered. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: number,
    message: string,
    readonly data: JsonObject,
    /** HTTP status, if it was told by one. */
    readonly status: number | undefined,
  ) {
    super(message);
  }
}
