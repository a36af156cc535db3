import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isObject } from '@lethe/mcp';
import type { Gateway } from '../../routes/table/gateway.js';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { capabilitiesForUpstream } from './legacy-input-requests.js';
import { clientInfoOf, logLevelOf } from '../../protocol/envelope.js';

/** A session for one call, and the client capabilities that were declared to its upstream. */
export interface EphemeralSession {
  readonly session: UpstreamSession;
  readonly clientCapabilities: JsonObject;
}

/**
 * Opens sessions for single calls. Client capabilities are forwarded only if the upstream's streams can be resumed:
 * otherwise a replica that gets the client's input could not continue the call.
 */
export class EphemeralSessions {
  /** Whether an upstream's streams could be resumed the last time. Saves requests, and may be lost at any time. */
  private readonly resumable = new WeakMap<Gateway, boolean>();

  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  /** @throws LetheError about the upstream */
  async open(call: UpstreamCall): Promise<EphemeralSession> {
    const { gateway } = call.credentials.access;
    const clientCapabilities = this.resumable.get(gateway) === false ? {} : capabilitiesForUpstream(call.message);
    const session = await this.initialize(call, clientCapabilities);
    if (Object.keys(clientCapabilities).length === 0) return { session, clientCapabilities };
    this.resumable.set(gateway, session.hasEventIds === true);
    if (session.hasEventIds) return { session, clientCapabilities };
    void this.upstreamSessions.end(call.credentials, session).catch(() => undefined);
    return { session: await this.initialize(call, {}), clientCapabilities: {} };
  }

  private async initialize(call: UpstreamCall, clientCapabilities: JsonObject): Promise<UpstreamSession> {
    const { credentials, message } = call;
    const { served } = credentials.access;
    const session = await this.upstreamSessions.open(
      credentials,
      served.protocolVersion,
      clientInfoOf(message),
      clientCapabilities,
    );
    const level = logLevelOf(message);
    if (level !== undefined && isObject(served.capabilities['logging'])) {
      const id = 'log-level';
      const body = encodeRequest(id, 'logging/setLevel', { level });
      await this.upstreamSessions.post(credentials, sessionHeaders(session), body, id).catch(() => undefined);
    }
    return session;
  }
}
