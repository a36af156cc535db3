import type { JsonValue } from '@lethe/contracts';
import {
  isRpcId,
  memberSpan,
  type MessageSpans,
  type RpcId,
  scanMessage,
  type Span,
  valueAt,
  withValue,
} from '@lethe/mcp';
import { prefixRequest, ELICITATION } from './attribution.js';

/**
 * A message of an upstream on a stream: the response to a request, a message for the client, or a request that is not
 * allowed.
 */
export type RewrittenMessage =
  | { readonly kind: 'response'; readonly id: JsonValue }
  | { readonly kind: 'forwarded'; readonly data: string }
  | { readonly kind: 'refused'; readonly id: RpcId; readonly method: string };

/** Which requests of an upstream reach the client, and under which ids. */
export interface ServerRequestPolicy {
  isAllowed(method: string): boolean;
  /** Prefix of messages to a person; undefined for none. */
  readonly source: string | undefined;
  sealRequest(own: RpcId): string;
  sealProgress(own: RpcId): string;
}

/** Requests of one stream that can still be cancelled. */
const MAX_REMEMBERED = 256;

/**
 * Rewrites the messages of one upstream on one stream: requests and everything that refers to them get sealed ids,
 * messages to a person get the gateway's name, everything else stays byte for byte.
 */
export class ServerMessageRewriter {
  /** The upstream's request id, as JSON -> the sealed id. */
  private readonly sealedIds = new Map<string, string>();

  constructor(private readonly policy: ServerRequestPolicy) {}

  /** Undefined for data that is no JSON-RPC message. */
  rewrite(data: string): RewrittenMessage | undefined {
    const bytes = Buffer.from(data);
    const scanner = scanMessage(bytes.toString('latin1'), Infinity);
    if (!scanner.ok) return undefined;
    const method = valueAt(bytes, scanner.spans.get('method'));
    const id = valueAt(bytes, scanner.spans.get('id'));
    if (typeof method !== 'string') return id === undefined ? undefined : { kind: 'response', id };
    if (id === undefined) return { kind: 'forwarded', data: this.notification(method, data, bytes, scanner.spans) };
    if (!isRpcId(id)) return undefined;
    if (!this.policy.isAllowed(method)) return { kind: 'refused', id, method };
    return { kind: 'forwarded', data: this.request(method, id, bytes, scanner.spans) };
  }

  private request(method: string, id: RpcId, bytes: Buffer, spans: MessageSpans): string {
    const sealed = this.policy.sealRequest(id);
    this.remember(id, sealed);
    const token = memberSpan(bytes, memberSpan(bytes, spans.get('params'), '_meta'), 'progressToken');
    const own = valueAt(bytes, token);
    const edits: [Span | undefined, JsonValue][] = [[spans.get('id'), sealed]];
    if (isRpcId(own)) edits.push([token, this.policy.sealProgress(own)]);
    if (method === ELICITATION) edits.push(...this.labels(bytes, spans));
    return edited(bytes, edits);
  }

  private labels(bytes: Buffer, spans: MessageSpans): [Span | undefined, JsonValue][] {
    const span = spans.get('params.message');
    const message = prefixRequest(this.policy.source, valueAt(bytes, span));
    return message === undefined ? [] : [[span, message]];
  }

  /** A cancellation names the request by the upstream's own id. */
  private notification(method: string, data: string, bytes: Buffer, spans: MessageSpans): string {
    if (method !== 'notifications/cancelled') return data;
    const span = spans.get('params.requestId');
    const sealed = this.sealedIds.get(JSON.stringify(valueAt(bytes, span)));
    return sealed === undefined ? data : edited(bytes, [[span, sealed]]);
  }

  private remember(id: RpcId, sealed: string): void {
    this.sealedIds.set(JSON.stringify(id), sealed);
    const [oldest] = this.sealedIds.keys();
    if (oldest !== undefined && this.sealedIds.size > MAX_REMEMBERED) this.sealedIds.delete(oldest);
  }
}

/** Edits from the end, so that the positions of earlier edits stay valid. */
function edited(bytes: Buffer, edits: readonly (readonly [Span | undefined, JsonValue])[]): string {
  const placed = edits.flatMap(([span, value]) => (span ? [{ span, value }] : []));
  placed.sort((one, other) => other.span.start - one.span.start);
  return placed.reduce((json, { span, value }) => withValue(json, span, value), bytes).toString('utf8');
}
