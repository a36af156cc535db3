import type { RpcId } from '@lethe/mcp';
import { type Done, promisify } from '../../http/completion.js';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { ServerRequestRejections } from '../../server-requests/refusals.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import { NO_SERVER_REQUESTS, serverRequestPolicy } from '../../server-requests/server-request-policy.js';
import type { ConnectionPools } from '../../upstream/connection-pools.js';
import { dispatch } from '../../upstream/response-handler.js';
import { traceHeaders } from '../../upstream/trace-context.js';
import { upstreamRequest } from '../../upstream/upstream-request.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import type { StreamRules } from './event-stream-relay.js';
import { SameEraRelay } from './same-era-relay.js';
import { sourceFor } from './source-for.js';

/** Calls whose client and upstream speak the same era: bytes go through as they are, whatever can stay. */
export class SameEraCalls {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly ids: SealedIds,
    private readonly rejections: ServerRequestRejections,
  ) {}

  /** In the session that the client has with the upstream, or in none where the upstream keeps none. */
  forward(call: UpstreamCall, upstream: UpstreamSession, done: Done): void {
    this.send(call, upstream, () => this.rulesInSession(call, upstream), done);
  }

  /** In an upstream session for this call alone; nothing of it is shared with another call. */
  async forwardInOwnSession(call: UpstreamCall): Promise<void> {
    const { credentials, session } = call;
    const clientInfo = session.client?.clientInfo ?? { name: 'lethe', version: '1' };
    const version = session.versionFor(credentials.access.gateway);
    const upstream = await this.upstreamSessions.open(credentials, version, clientInfo, session.clientCapabilities);
    try {
      await promisify((done) => this.send(call, upstream, () => this.rulesInOwnSession(call, upstream), done));
    } finally {
      void this.upstreamSessions.end(credentials, upstream).catch(() => undefined);
    }
  }

  private send(call: UpstreamCall, upstream: UpstreamSession, rules: () => StreamRules, done: Done): void {
    const { message, target, credentials, era, headers } = call;
    const protocol = era.relayHeaders(message, target.item.own, headers, upstream);
    protocol.push(...traceHeaders(headers));
    const request = upstreamRequest(credentials, 'POST', protocol, era.relayBody(message, target.body));
    const relay = new SameEraRelay(call, rules, done);
    const pool = this.pools.of(credentials.access.gateway.target);
    dispatch(pool, request, relay.onResponse, relay.onAbortable, relay.onEnd);
  }

  /** The client can answer what is asked on this stream, and can take the stream up again. */
  private rulesInSession(call: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const { session, credentials, message } = call;
    const gateway = credentials.access.gateway.slug;
    const refuse = (id: RpcId): void => this.reject(call, upstream, id);
    if (upstream.id === undefined) {
      const policy = { ...NO_SERVER_REQUESTS, source: sourceFor(call) };
      return { policy, resumptionPoint: () => undefined, refuse };
    }
    return {
      policy: serverRequestPolicy(session, this.ids, credentials.access, undefined),
      resumptionPoint: (id) => this.ids.sealResumptionPoint(session, { of: 'call', gateway, id, request: message.id }),
      refuse,
    };
  }

  /** The session ends with the stream, so that there is nothing to take up again. */
  private rulesInOwnSession(call: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const policy = serverRequestPolicy(call.session, this.ids, call.credentials.access, upstream);
    return { policy, resumptionPoint: () => undefined, refuse: (id) => this.reject(call, upstream, id) };
  }

  /** The client never gets a request that it has not declared a capability for: Lethe rejects it in its place. */
  private reject({ credentials, era }: UpstreamCall, upstream: UpstreamSession, id: RpcId): void {
    if (era.allowsServerRequests) this.rejections.give(credentials, upstream, id);
  }
}
