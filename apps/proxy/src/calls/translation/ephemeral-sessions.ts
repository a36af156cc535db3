import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isObject } from '@lethe/mcp';
import type { GatewayRoute } from '../../routes/table/gateway.js';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import { headersOf, type Visits } from '../../upstream/upstream-sessions.js';
import type { Relayed } from '../call-forwarder.js';
import { offeredBy } from './input-required.js';
import { clientInfoOf, logLevelOf } from '../../protocol/envelope.js';

/** A session for one call, and what its upstream may ask of the client. */
export interface OneOffSession {
  readonly session: UpstreamSession;
  readonly offered: JsonObject;
}

/**
 * Opens sessions for single calls. A client's capabilities are offered only where the upstream's streams can be taken up
 * again: elsewhere an answer, which may come to another replica, would find the call gone.
 */
export class OneOffSessions {
  /** What was seen of an upstream's streams. A guess that saves requests; it is made anew wherever it is missing. */
  private readonly resumable = new WeakMap<GatewayRoute, boolean>();

  constructor(private readonly visits: Visits) {}

  /** @throws LetheError about the upstream */
  async open(relayed: Relayed): Promise<OneOffSession> {
    const { gateway } = relayed.lent.grant;
    const offered = this.resumable.get(gateway) === false ? {} : offeredBy(relayed.request);
    const session = await this.begin(relayed, offered);
    if (Object.keys(offered).length === 0) return { session, offered };
    this.resumable.set(gateway, session.hasEventIds === true);
    if (session.hasEventIds) return { session, offered };
    void this.visits.end(relayed.lent, session).catch(() => undefined);
    return { session: await this.begin(relayed, {}), offered: {} };
  }

  private async begin({ lent, request }: Relayed, offered: JsonObject): Promise<UpstreamSession> {
    const { gateway } = lent.grant;
    const session = await this.visits.open(lent, gateway.protocolVersion, clientInfoOf(request), offered);
    const level = logLevelOf(request);
    if (level !== undefined && isObject(gateway.capabilities['logging'])) {
      const body = encodeRequest('log-level', 'logging/setLevel', { level });
      await this.visits.post(lent, headersOf(session), body).catch(() => undefined);
    }
    return session;
  }
}
