import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isObject } from '@lethe/mcp';
import type { Gateway } from '../../routes/table/gateway.js';
import { sessionHeaders, type UpstreamSession } from '../../protocol/upstream-session.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { offeredBy } from './input-required.js';
import { clientInfoOf, logLevelOf } from '../../protocol/envelope.js';

/** A session for one call, and what its upstream may ask of the client. */
export interface EphemeralSession {
  readonly session: UpstreamSession;
  readonly offered: JsonObject;
}

/**
 * Opens sessions for single calls. A client's capabilities are offered only where the upstream's streams can be taken up
 * again: elsewhere an answer, which may come to another replica, would find the call gone.
 */
export class EphemeralSessions {
  /** What was seen of an upstream's streams. A guess that saves requests; it is made anew wherever it is missing. */
  private readonly resumable = new WeakMap<Gateway, boolean>();

  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  /** @throws LetheError about the upstream */
  async open(call: UpstreamCall): Promise<EphemeralSession> {
    const { gateway } = call.credentials.access;
    const offered = this.resumable.get(gateway) === false ? {} : offeredBy(call.message);
    const session = await this.begin(call, offered);
    if (Object.keys(offered).length === 0) return { session, offered };
    this.resumable.set(gateway, session.hasEventIds === true);
    if (session.hasEventIds) return { session, offered };
    void this.upstreamSessions.end(call.credentials, session).catch(() => undefined);
    return { session: await this.begin(call, {}), offered: {} };
  }

  private async begin({ credentials, message }: UpstreamCall, offered: JsonObject): Promise<UpstreamSession> {
    const { gateway } = credentials.access;
    const session = await this.upstreamSessions.open(
      credentials,
      gateway.protocolVersion,
      clientInfoOf(message),
      offered,
    );
    const level = logLevelOf(message);
    if (level !== undefined && isObject(gateway.capabilities['logging'])) {
      const body = encodeRequest('log-level', 'logging/setLevel', { level });
      await this.upstreamSessions.post(credentials, sessionHeaders(session), body).catch(() => undefined);
    }
    return session;
  }
}
