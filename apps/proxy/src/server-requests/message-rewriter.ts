import type { JsonValue } from '@lethe/contracts';
import {
  isObject,
  isRpcId,
  memberSpan,
  type MessageSpans,
  type RpcId,
  scanMessage,
  type Span,
  valueAt,
  withValue,
} from '@lethe/mcp';
import { declined, localResponse } from '../protocol/local-response.js';
import { ELICITATION, type Elicitations } from './elicitations.js';
import type { NotificationFilter } from './notification-filter.js';

/**
 * A message of an upstream on a stream: the response to a request, a message for the client, or a request that Lethe answers
 * in the client's place.
 */
export type RewrittenMessage =
  | { readonly kind: 'response'; readonly id: JsonValue }
  | { readonly kind: 'forwarded'; readonly data: string }
  | { readonly kind: 'refused'; readonly answer: Buffer };

/** Which requests of an upstream reach the client, and under which ids. */
export interface ServerRequestPolicy {
  isAllowed(method: string): boolean;
  /** What the upstream may show to a person; undefined if the client shows nothing. */
  readonly elicitations: Elicitations | undefined;
  sealRequest(own: RpcId): string;
  sealProgress(own: RpcId): string;
}

/** Requests of one stream that can still be cancelled. */
const MAX_REMEMBERED = 256;

/**
 * Rewrites the messages of one upstream on one stream: requests and everything that refers to them get sealed ids, what a
 * person reads is made safe, and notifications that are not the upstream's own are left out.
 */
export class ServerMessageRewriter {
  /** The upstream's request id, as JSON -> the sealed id. */
  private readonly sealedIds = new Map<string, string>();

  constructor(
    private readonly policy: ServerRequestPolicy,
    private readonly notifications: NotificationFilter,
  ) {}

  /** Undefined for data that is no JSON-RPC message, and for a notification that does not reach the client now. */
  rewrite(data: string): RewrittenMessage | undefined {
    if (this.notifications.isRepeated(data)) return undefined;
    const bytes = Buffer.from(data);
    const scanner = scanMessage(bytes.toString('latin1'), Infinity);
    if (!scanner.ok) return undefined;
    const method = valueAt(bytes, scanner.spans.get('method'));
    const id = valueAt(bytes, scanner.spans.get('id'));
    if (typeof method !== 'string') return id === undefined ? undefined : { kind: 'response', id };
    if (id === undefined) return forwarded(this.notification(method, bytes, scanner.spans));
    if (!isRpcId(id)) return undefined;
    if (!this.policy.isAllowed(method)) return { kind: 'refused', answer: localResponse(id, method) };
    return this.request(method, id, bytes, scanner.spans);
  }

  private request(method: string, id: RpcId, bytes: Buffer, spans: MessageSpans): RewrittenMessage {
    const shown = method === ELICITATION ? this.shown(bytes, spans) : [];
    if (shown === undefined) return { kind: 'refused', answer: declined(id) };
    const sealed = this.policy.sealRequest(id);
    this.remember(id, sealed);
    const token = memberSpan(bytes, memberSpan(bytes, spans.get('params'), '_meta'), 'progressToken');
    const own = valueAt(bytes, token);
    const edits: [Span | undefined, JsonValue][] = [[spans.get('id'), sealed], ...shown];
    if (isRpcId(own)) edits.push([token, this.policy.sealProgress(own)]);
    return { kind: 'forwarded', data: edited(bytes, edits) };
  }

  /** What a person gets to see in another form; undefined if the elicitation may not be shown. */
  private shown(bytes: Buffer, spans: MessageSpans): [Span | undefined, JsonValue][] | undefined {
    const params = valueAt(bytes, spans.get('params'));
    const edits = this.policy.elicitations?.edits(isObject(params) ? params : {});
    return edits && Object.entries(edits).map(([name, value]) => [spans.get(`params.${name}`), value]);
  }

  /** A cancellation names a request of this stream by the upstream's own id. */
  private notification(method: string, bytes: Buffer, spans: MessageSpans): string | undefined {
    if (method !== 'notifications/cancelled') return this.notifications.pass(method, bytes, spans);
    const span = spans.get('params.requestId');
    const own = JSON.stringify(valueAt(bytes, span));
    const sealed = this.sealedIds.get(own);
    if (sealed === undefined) return this.notifications.drop('not_own');
    this.sealedIds.delete(own);
    return edited(bytes, [[span, sealed]]);
  }

  private remember(id: RpcId, sealed: string): void {
    this.sealedIds.set(JSON.stringify(id), sealed);
    const [oldest] = this.sealedIds.keys();
    if (oldest !== undefined && this.sealedIds.size > MAX_REMEMBERED) this.sealedIds.delete(oldest);
  }
}

function forwarded(data: string | undefined): RewrittenMessage | undefined {
  return data === undefined ? undefined : { kind: 'forwarded', data };
}

/** Edits from the end, so that the positions of earlier edits stay valid. */
function edited(bytes: Buffer, edits: readonly (readonly [Span | undefined, JsonValue])[]): string {
  const placed = edits.flatMap(([span, value]) => (span ? [{ span, value }] : []));
  placed.sort((one, other) => other.span.start - one.span.start);
  return placed.reduce((json, { span, value }) => withValue(json, span, value), bytes).toString('utf8');
}
