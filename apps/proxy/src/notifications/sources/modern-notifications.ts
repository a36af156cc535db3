import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isObject, META, LETHE_CLIENT_INFO } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import { type ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import { toFilterJson, matches, type SubscriptionFilter, readFilter } from './subscription-filter.js';
import { openEventStream } from './event-stream.js';
import type { NotificationListener, NotificationSource } from './notification-source.js';

/** Longest wait for the acknowledgement. */
const ACKNOWLEDGED_WITHIN_MS = 5_000;
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** One id for all requests: each has a stream of its own. */
const ID = 'listen';

/** Notifications of a modern upstream, from `subscriptions/listen` (MCP 2026-07-28, subscriptions). */
export class ModernNotifications implements NotificationSource {
  constructor(private readonly pools: ConnectionPools) {}

  open(
    credentials: UpstreamCredentials,
    wanted: SubscriptionFilter,
    listener: NotificationListener,
    signal: AbortSignal,
  ): Promise<SubscriptionFilter> {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      const fail = (error: LetheError): void => {
        clearTimeout(timer);
        own.abort();
        reject(error);
      };
      const expire = (): void => fail(upstreamFailed(credentials.access, 'not_acknowledged'));
      const timer = setTimeout(expire, ACKNOWLEDGED_WITHIN_MS);
      let agreed: SubscriptionFilter | undefined;
      const acknowledged = (params: JsonObject): void => {
        clearTimeout(timer);
        agreed = intersect(wanted, readFilter(params));
        resolve(agreed);
      };
      const message = (given: JsonObject, json: string): void => {
        const { method, params, id } = given;
        if (typeof method !== 'string' || id !== undefined) return;
        if (method === ACKNOWLEDGED && !agreed && isObject(params)) acknowledged(params);
        else if (agreed && matches(agreed, method, params)) listener.notification(method, json, params);
        else listener.ignored?.();
      };
      const over = (error: LetheError): void => {
        if (!agreed) fail(error);
        else if (!signal.aborted) listener.ended();
      };
      const messages = { begun: () => undefined, message, over, pace: listener.pace };
      const either = AbortSignal.any([signal, own.signal]);
      openEventStream(this.pools, credentials, this.request(credentials, wanted), messages, either);
    });
  }

  private request(credentials: UpstreamCredentials, wanted: SubscriptionFilter) {
    const version = credentials.access.served.protocolVersion;
    const envelope = {
      [META.protocolVersion]: version,
      [META.clientInfo]: LETHE_CLIENT_INFO,
      [META.clientCapabilities]: {},
    };
    const method = 'subscriptions/listen';
    const body = encodeRequest(ID, method, { notifications: toFilterJson(wanted), _meta: envelope });
    return upstreamRequest(
      credentials,
      'POST',
      [
        ['mcp-protocol-version', version],
        ['mcp-method', method],
      ],
      body,
    );
  }
}

/** What an upstream acknowledged beyond the request is ignored. */
function intersect(wanted: SubscriptionFilter, agreed: SubscriptionFilter): SubscriptionFilter {
  return {
    lists: wanted.lists.filter((list) => agreed.lists.includes(list)),
    uris: wanted.uris.filter((uri) => agreed.uris.includes(uri)),
  };
}
