import type { RpcMessage, RpcRequest } from '@lethe/mcp';
import type { Caller } from '../auth/authenticator.js';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { NO_BODY } from '../http/request/request-body.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { ResponseWriter } from '../http/response/response-writer.js';
import type { EraRules } from '../protocol/era-rules.js';
import type { MethodRule } from '../protocol/method-table.js';
import type { GatePass } from '../routes/table/gateway-gate.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { Session } from '../sessions/sessions.js';
import type { CallTrace } from './call-trace.js';

/** Reads the whole body. `onError` gets a LetheError `payload_too_large` or ClientDisconnected. */
export type ReadBody = (onBody: (body: Buffer) => void, onError: (error: Error) => void) => void;

/** The item that a request names, and the request's bytes with the item's name at its gateway. */
export interface ResolvedTarget {
  readonly item: ExposedItem;
  readonly body: Buffer;
}

/** A message of a client, with the rules of its era. */
export interface DecodedMessage {
  readonly message: RpcMessage;
  readonly era: EraRules;
  /** Protocol version of the message. In the legacy era the version in the session token has precedence. */
  readonly version: string;
  /** How the method is handled; undefined for responses and for methods that the era does not have. */
  readonly rule: MethodRule | undefined;
}

/**
 * One HTTP request to a virtual server. Each step of the dispatcher sets its own fields. The types below say which steps
 * must be done before a function may be called.
 */
export class McpRequest {
  /** Step 2, identify. */
  caller: Caller | undefined = undefined;
  /** Empty unless the method is POST. */
  body: Buffer = NO_BODY;
  /** Step 3, decode. */
  message: RpcMessage | undefined = undefined;
  era: EraRules | undefined = undefined;
  version = '';
  rule: MethodRule | undefined = undefined;
  /** When its record in the call log began, by `performance.now()`; undefined if it has no record. */
  startedAt: number | undefined = undefined;
  /** Its spans; undefined if it is not sampled, and if traces are off. */
  trace: CallTrace | undefined = undefined;
  /** Step 4, open the session. */
  session: Session | undefined = undefined;
  /** Step 5, resolve. */
  target: ResolvedTarget | undefined = undefined;
  /** Steps 6 and 7, authorize and select credentials: the credentials contain the access for which they were selected. */
  credentials: UpstreamCredentials | undefined = undefined;
  /** Step 8, forward: when it began, by `performance.now()`. */
  forwardedAt: number | undefined = undefined;
  /** The HTTP status with which the upstream responded to it; 0 if it has not. */
  upstreamStatus = 0;
  /** Set if its gateway's gate is not quiet. */
  pass: GatePass | undefined = undefined;

  /** Step 1, admit. */
  constructor(
    readonly method: 'GET' | 'POST' | 'DELETE',
    /** Slug of the virtual server. */
    readonly slug: string,
    readonly headers: RequestHeaders,
    readonly response: ResponseWriter,
    readonly readBody: ReadBody,
  ) {}

  setCaller(caller: Caller): asserts this is IdentifiedRequest {
    this.caller = caller;
  }

  setMessage({ message, era, version, rule }: DecodedMessage): asserts this is DecodedRequest {
    this.message = message;
    this.era = era;
    this.version = version;
    this.rule = rule;
  }

  setSession(session: Session): asserts this is SessionRequest {
    this.session = session;
  }

  setTarget(target: ResolvedTarget): asserts this is { readonly target: ResolvedTarget } {
    this.target = target;
  }

  setCredentials(credentials: UpstreamCredentials): asserts this is { readonly credentials: UpstreamCredentials } {
    this.credentials = credentials;
  }
}

/** A request after step 2: its caller is known. */
export type IdentifiedRequest = McpRequest & { readonly caller: Caller };

/** A request after step 3: its message is decoded. */
export type DecodedRequest = IdentifiedRequest & { readonly message: RpcMessage; readonly era: EraRules };

/** A request after step 4: its session is open. */
export type SessionRequest = DecodedRequest & { readonly session: Session };

/** A JSON-RPC request, as opposed to a notification or a response. */
export type McpCall = SessionRequest & { readonly message: RpcRequest };

/** A call after step 7: it goes to one upstream, with known item and credentials. */
export type UpstreamCall = McpCall & {
  readonly target: ResolvedTarget;
  readonly credentials: UpstreamCredentials;
};

/** Narrows to a request whose message is decoded. */
export function isDecoded(request: McpRequest): request is DecodedRequest {
  return request.message !== undefined;
}

/** Narrows to a JSON-RPC request. */
export function isCall(request: SessionRequest): request is McpCall {
  return request.message.kind === 'request';
}
