import type { JsonObject, JsonValue } from '@lethe/contracts';
import { editObject, isObject, type MessageSpans, META, ObjectText, valueAt, visibleLine } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { hasInList, LIST_NAMES, type ListName } from '../routes/table/list-changes.js';
import { updateOwner } from '../routes/table/resource-owner.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import type { DropReason } from '../telemetry/dropped-notifications.js';
import { asTexts, Elicitations } from './elicitations.js';
import { personText } from './person-text.js';
import { TokenBucket } from './token-bucket.js';

/** What one gateway may tell a client on one stream. */
export interface NotificationScope {
  readonly access: UpstreamAccess;
  /** The virtual server as it is now. */
  server(): VirtualServer;
  /** The client's progress token for a call that the gateway carries out; undefined for the token of any other call. */
  ownToken(token: JsonValue | undefined): JsonValue | undefined;
  /** The client may get log messages. */
  readonly mayLog: boolean;
}

/** What a notification counts as: each has a limit of its own. */
export type NotificationKind = ListName | 'progress' | 'updated' | 'log' | 'complete';

/** A notification as the client gets it. */
export interface OwnNotification {
  readonly kind: NotificationKind;
  /** What it is about: a later notification about the same replaces an earlier one. */
  readonly key: string;
  readonly json: string;
}

/** Why a notification does not reach the client. */
export type WhyDropped = Exclude<DropReason, 'joined'>;

/** The logger of Lethe's own messages. No gateway's slug has a colon. */
export const OWN_LOGGER = 'lethe:limits';
const MAX_LOGGER = 256;
const LISTS: ReadonlyMap<string, ListName> = new Map(
  LIST_NAMES.map((name) => [`notifications/${name}/list_changed`, name]),
);

const LIST_KINDS: ReadonlySet<NotificationKind> = new Set(LIST_NAMES);

/** Whether a notification announces that a list has changed. */
export function isListChange(kind: NotificationKind): boolean {
  return LIST_KINDS.has(kind);
}

type Read = (own: OwnNotifications, bytes: Buffer, spans: MessageSpans) => OwnNotification | WhyDropped;

/** Reads the notifications of one gateway and passes on what belongs to it: its lists, its URIs, its calls, its name. */
export class OwnNotifications {
  private static readonly READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
    ['notifications/progress', (own, bytes, spans) => own.progress(bytes, spans)],
    ['notifications/message', (own, bytes, spans) => own.log(bytes, spans)],
    ['notifications/resources/updated', (own, bytes, spans) => own.updated(bytes, spans)],
    ['notifications/elicitation/complete', (own, bytes, spans) => own.complete(bytes, spans)],
  ]);
  private readonly isShared: boolean;
  /** To compare a URI with templates takes much longer than to find it in a list. */
  private readonly lookups = new TokenBucket(100, 20, performance.now());

  constructor(private readonly scope: NotificationScope) {
    this.isShared = scope.access.caller.server.gateways.length > 1;
  }

  read(method: string, bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    const list = LISTS.get(method);
    if (list !== undefined) return this.listChanged(list, bytes, spans);
    return OwnNotifications.READERS.get(method)?.(this, bytes, spans) ?? 'unknown_method';
  }

  private listChanged(list: ListName, bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    const { served, gateway } = this.scope.access;
    const server = this.scope.server();
    const isOwn = isObject(served.capabilities[list]) && (!server.isRestricted || hasInList(server, gateway, list));
    return isOwn ? { kind: list, key: '', json: withoutSubscription(bytes, spans) } : 'not_own';
  }

  private progress(bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    const given = valueAt(bytes, spans.get('params.progressToken'));
    const progressToken = this.scope.ownToken(given);
    if (progressToken === undefined) return 'not_own';
    const text = valueAt(bytes, spans.get('params.message'));
    const message = typeof text === 'string' ? this.shown(text) : text;
    const edits = { ...(given !== progressToken && { progressToken }), ...(message !== text && { message }) };
    return { kind: 'progress', key: JSON.stringify(progressToken), json: withParams(bytes, spans, edits) };
  }

  /** Square brackets name gateways only if there are several. */
  private shown(text: string): string {
    return this.isShared ? personText(text) : visibleLine(text);
  }

  /** The logger's name begins with the gateway's slug, if there are several gateways. */
  private log(bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    if (!this.scope.mayLog || !isObject(valueAt(bytes, spans.get('params')))) return 'not_own';
    const given = valueAt(bytes, spans.get('params.logger'));
    const own = typeof given === 'string' ? personText(given).slice(0, MAX_LOGGER) : '';
    if (!this.isShared && !own.startsWith(OWN_LOGGER)) return { kind: 'log', key: '', json: bytes.toString('utf8') };
    const { slug } = this.scope.access.gateway;
    const logger = own === '' ? slug : `${slug}/${own}`;
    return { kind: 'log', key: '', json: withParams(bytes, spans, { logger }) };
  }

  private updated(bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    const uri = valueAt(bytes, spans.get('params.uri'));
    if (typeof uri !== 'string') return 'not_own';
    const server = this.scope.server();
    if (this.isShared || server.isRestricted) {
      const isListed = server.items.resource.get(uri) !== undefined;
      if (!isListed && !this.lookups.take(performance.now())) return 'flood';
      if (updateOwner(server, uri)?.slug !== this.scope.access.gateway.slug) return 'not_own';
    }
    return { kind: 'updated', key: uri, json: withoutSubscription(bytes, spans) };
  }

  /** https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#completion-notifications-for-url-mode-elicitation */
  private complete(bytes: Buffer, spans: MessageSpans): OwnNotification | WhyDropped {
    const { access } = this.scope;
    const own = valueAt(bytes, spans.get('params.elicitationId'));
    if (typeof own !== 'string' || access.served.era !== 'legacy') return 'not_own';
    const elicitationId = Elicitations.of(access).elicitationId(own);
    return { kind: 'complete', key: elicitationId, json: withParams(bytes, spans, { elicitationId }) };
  }
}

/** Without the id of a subscription, which a stream of Lethe adds itself: on any other stream it would be another's. */
function withoutSubscription(bytes: Buffer, spans: MessageSpans): string {
  const span = spans.get('params._meta');
  const meta = valueAt(bytes, span);
  if (!span || !isObject(meta) || !(META.subscriptionId in meta)) return bytes.toString('utf8');
  const left = editObject(bytes.toString('utf8', span.start, span.end), { [META.subscriptionId]: undefined });
  const params = new ObjectText(bytes.toString('utf8')).object('params');
  const kept = params.with({ _meta: left === '{}' ? undefined : left });
  return editObject(bytes.toString('utf8'), { params: kept === '{}' ? undefined : kept });
}

function withParams(bytes: Buffer, spans: MessageSpans, members: JsonObject): string {
  const span = spans.get('params');
  if (!span || Object.keys(members).length === 0) return bytes.toString('utf8');
  const params = editObject(bytes.toString('utf8', span.start, span.end), asTexts(members));
  return bytes.toString('utf8', 0, span.start) + params + bytes.toString('utf8', span.end);
}
