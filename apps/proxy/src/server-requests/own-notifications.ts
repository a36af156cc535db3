import type { JsonObject, JsonValue } from '@lethe/contracts';
import { editObject, isObject, type MessageSpans, valueAt, visibleLine } from '@lethe/mcp';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { LIST_NAMES, type ListName } from '../routes/table/list-changes.js';
import { updateOwner } from '../routes/table/resource-owner.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { Elicitations } from './elicitations.js';
import { personText } from './person-text.js';
import { TokenBucket } from './token-bucket.js';

/** What one gateway may tell a client on one stream. */
export interface NotificationScope {
  readonly access: UpstreamAccess;
  /** The virtual server as it is now. */
  server(): VirtualServer;
  /** Whether this is the progress token of a call that the gateway carries out for this stream's client. */
  isOwnToken(token: JsonValue | undefined): boolean;
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
export type NotOwn = 'unknown_method' | 'not_own' | 'flood';

/** The logger of Lethe's own messages. No gateway's slug has a colon. */
export const OWN_LOGGER = 'lethe:limits';
const MAX_LOGGER = 256;
const LISTS: ReadonlyMap<string, ListName> = new Map(
  LIST_NAMES.map((name) => [`notifications/${name}/list_changed`, name]),
);

type Read = (bytes: Buffer, spans: MessageSpans) => OwnNotification | NotOwn;

/** Reads the notifications of one gateway and passes on what belongs to it: its lists, its URIs, its calls, its name. */
export class OwnNotifications {
  private readonly readers: ReadonlyMap<string, Read> = new Map<string, Read>([
    ['notifications/progress', (bytes, spans) => this.progress(bytes, spans)],
    ['notifications/message', (bytes, spans) => this.log(bytes, spans)],
    ['notifications/resources/updated', (bytes, spans) => this.updated(bytes, spans)],
    ['notifications/elicitation/complete', (bytes, spans) => this.complete(bytes, spans)],
  ]);
  private readonly isShared: boolean;
  /** To compare a URI with templates takes much longer than to find it in a list. */
  private readonly lookups = new TokenBucket(100, 20, performance.now());

  constructor(private readonly scope: NotificationScope) {
    this.isShared = scope.access.caller.server.gateways.length > 1;
  }

  read(method: string, bytes: Buffer, spans: MessageSpans): OwnNotification | NotOwn {
    const list = LISTS.get(method);
    if (list !== undefined) return this.listChanged(list, bytes);
    return this.readers.get(method)?.(bytes, spans) ?? 'unknown_method';
  }

  private listChanged(list: ListName, bytes: Buffer): OwnNotification | NotOwn {
    const isDeclared = isObject(this.scope.access.served.capabilities[list]);
    return isDeclared ? { kind: list, key: '', json: bytes.toString('utf8') } : 'not_own';
  }

  private progress(bytes: Buffer, spans: MessageSpans): OwnNotification | NotOwn {
    const token = valueAt(bytes, spans.get('params.progressToken'));
    if (!this.scope.isOwnToken(token)) return 'not_own';
    const message = valueAt(bytes, spans.get('params.message'));
    const shown = typeof message === 'string' ? visibleLine(message) : message;
    const json = shown === message ? bytes.toString('utf8') : withParams(bytes, spans, { message: shown ?? null });
    return { kind: 'progress', key: JSON.stringify(token), json };
  }

  /** The logger's name begins with the gateway's slug, if there are several gateways. */
  private log(bytes: Buffer, spans: MessageSpans): OwnNotification | NotOwn {
    if (!this.scope.mayLog || !isObject(valueAt(bytes, spans.get('params')))) return 'not_own';
    const given = valueAt(bytes, spans.get('params.logger'));
    const own = typeof given === 'string' ? personText(given).slice(0, MAX_LOGGER) : '';
    if (!this.isShared && !own.startsWith(OWN_LOGGER)) return { kind: 'log', key: '', json: bytes.toString('utf8') };
    const { slug } = this.scope.access.gateway;
    const logger = own === '' ? slug : `${slug}/${own}`;
    return { kind: 'log', key: '', json: withParams(bytes, spans, { logger }) };
  }

  private updated(bytes: Buffer, spans: MessageSpans): OwnNotification | NotOwn {
    const uri = valueAt(bytes, spans.get('params.uri'));
    if (typeof uri !== 'string') return 'not_own';
    if (this.isShared) {
      const server = this.scope.server();
      const isListed = server.items.resource.get(uri) !== undefined;
      if (!isListed && !this.lookups.take(performance.now())) return 'flood';
      if (updateOwner(server, uri)?.slug !== this.scope.access.gateway.slug) return 'not_own';
    }
    return { kind: 'updated', key: uri, json: bytes.toString('utf8') };
  }

  /** https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#completion-notifications-for-url-mode-elicitation */
  private complete(bytes: Buffer, spans: MessageSpans): OwnNotification | NotOwn {
    const { access } = this.scope;
    const own = valueAt(bytes, spans.get('params.elicitationId'));
    if (typeof own !== 'string' || access.served.era !== 'legacy') return 'not_own';
    const elicitationId = Elicitations.of(access).elicitationId(own);
    return { kind: 'complete', key: elicitationId, json: withParams(bytes, spans, { elicitationId }) };
  }
}

function withParams(bytes: Buffer, spans: MessageSpans, members: JsonObject): string {
  const span = spans.get('params');
  if (!span) return bytes.toString('utf8');
  const texts = Object.fromEntries(Object.entries(members).map(([name, value]) => [name, JSON.stringify(value)]));
  const params = editObject(bytes.toString('utf8', span.start, span.end), texts);
  return bytes.toString('utf8', 0, span.start) + params + bytes.toString('utf8', span.end);
}
