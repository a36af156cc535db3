import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isRpcId, LETHE_CLIENT_INFO } from '@lethe/mcp';
import { type LetheError, mapConcurrent, waitAtMost } from '@lethe/platform';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import { localResponse } from '../../protocol/local-response.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import type { LocalResponses } from '../../server-requests/local-responses.js';
import { type ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import { matches, type SubscriptionFilter } from './subscription-filter.js';
import { openEventStream } from './event-stream.js';
import type { NotificationListener, NotificationSource } from './notification-source.js';

/** How long subscriptions to resources wait for the head of the stream on which their updates arrive. */
const HEAD_WAIT_MS = 1_000;
const SUBSCRIPTIONS_AT_ONCE = 8;

/**
 * Notifications of a legacy upstream, from the GET stream of a session that exists for this purpose alone.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server
 */
export class LegacyNotifications implements NotificationSource {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly localResponses: LocalResponses,
  ) {}

  async open(
    credentials: UpstreamCredentials,
    wanted: SubscriptionFilter,
    listener: NotificationListener,
    signal: AbortSignal,
  ): Promise<SubscriptionFilter> {
    const session = await this.upstreamSessions.open(
      credentials,
      credentials.access.served.protocolVersion,
      LETHE_CLIENT_INFO,
    );
    const end = (): void => void this.upstreamSessions.end(credentials, session).catch(() => undefined);
    try {
      const opened = this.listen(credentials, session, wanted, listener, signal);
      // A front that holds back the head until the first event would else wait for ever: the event is of a subscription.
      await waitAtMost(HEAD_WAIT_MS, opened);
      const [uris] = await Promise.all([this.subscribeTo(credentials, session, wanted.uris), opened]);
      if (signal.aborted) end();
      else signal.addEventListener('abort', end, { once: true });
      return { lists: wanted.lists, uris };
    } catch (error) {
      end();
      throw error;
    }
  }

  private listen(
    credentials: UpstreamCredentials,
    session: UpstreamSession,
    wanted: SubscriptionFilter,
    listener: NotificationListener,
    signal: AbortSignal,
  ): Promise<void> {
    const request = upstreamRequest(credentials, 'GET', sessionHeaders(session), null);
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const begun = (): void => {
        hasBegun = true;
        resolve();
      };
      const message = (given: JsonObject, json: string): void => {
        const { method, params, id } = given;
        if (typeof method !== 'string') return;
        if (isRpcId(id)) this.localResponses.send(credentials, session, localResponse(id, method));
        else if (id === undefined && matches(wanted, method, params)) listener.notification(method, json, params);
        else listener.ignored?.();
      };
      const over = (error: LetheError): void => {
        if (!hasBegun) reject(error);
        else if (!signal.aborted) listener.ended();
      };
      openEventStream(this.pools, credentials, request, { begun, message, over, pace: listener.pace }, signal);
    });
  }

  /** Resolves with the URIs that the upstream accepted. */
  private async subscribeTo(
    credentials: UpstreamCredentials,
    session: UpstreamSession,
    uris: readonly string[],
  ): Promise<string[]> {
    const accepted = await mapConcurrent(SUBSCRIPTIONS_AT_ONCE, uris, async (uri) =>
      (await this.subscribe(credentials, session, uri)) ? [uri] : [],
    );
    return accepted.flat();
  }

  private async subscribe(credentials: UpstreamCredentials, session: UpstreamSession, uri: string): Promise<boolean> {
    const id = 'subscribe';
    const body = encodeRequest(id, 'resources/subscribe', { uri });
    const { message } = await this.upstreamSessions.post(credentials, sessionHeaders(session), body, id);
    return message?.['result'] !== undefined;
  }
}
