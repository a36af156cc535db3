import { type MessageSpans, type RpcResponse, type Span, valueAt, withValue } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { SessionRequest } from '../request/mcp-request.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import type { ReplicaMessages } from '../replicas/replica-messages.js';
import type { Session } from '../sessions/sessions.js';
import type { SealedRequest, SealedIds } from './sealed-ids.js';

/**
 * Delivers a client's responses to the upstream that sent the request, or to the replica that sent it for a modern
 * upstream. Works on any replica: the sealed id names the upstream or the replica.
 */
export class ClientResponses {
  constructor(
    private readonly ids: SealedIds,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly replicas: ReplicaMessages,
  ) {}

  /**
   * Delivers a response.
   * @throws LetheError `message_invalid` when the id is not one that Lethe issued or that still waits, `session_unknown`,
   * `bus_unavailable`, `payload_too_large`; about the upstream
   */
  async deliverResponse(request: SessionRequest): Promise<void> {
    const { message, session, response } = request;
    if (message.kind !== 'response') throw new LetheError('message_invalid', { rule: 'response_unasked' });
    const serverRequest = this.ids.openRequest(session, message.id);
    if (serverRequest) await this.deliver(request, serverRequest, message.spans.get('id'));
    else await this.deliverHeld(session, message);
    response.sendEmpty(202);
  }

  /** Delivers progress on a server request; other progress notifications are accepted and ignored. */
  async progress(request: SessionRequest): Promise<void> {
    const { message, session, response } = request;
    const { bytes, spans } = message;
    const span = tokenSpan(spans);
    const serverRequest = this.ids.openProgress(session, valueAt(bytes, span));
    if (serverRequest) await this.deliver(request, serverRequest, span);
    response.sendEmpty(202);
  }

  private async deliverHeld(session: Session, { id, bytes }: RpcResponse): Promise<void> {
    const held = this.ids.openHeld(session, id);
    if (!held) throw new LetheError('message_invalid', { rule: 'response_unasked' });
    await this.replicas.deliver(held, bytes.toString('utf8'));
  }

  private async deliver(
    { caller, headers, message, session }: SessionRequest,
    serverRequest: SealedRequest,
    span: Span | undefined,
  ): Promise<void> {
    const gateway = caller.server.gateways.find(({ slug }) => slug === serverRequest.gateway);
    const upstream = gateway && (serverRequest.ephemeralSession ?? session.upstreamSession(gateway));
    if (!gateway || !upstream || !span) throw new LetheError('session_unknown');
    const credentials = UpstreamCredentials.forGateway(headers, caller, gateway, 'legacy');
    await this.upstreamSessions.deliver(credentials, upstream, withValue(message.bytes, span, serverRequest.own));
  }
}

function tokenSpan(spans: MessageSpans): Span | undefined {
  return spans.get('params.progressToken');
}
