import { type MessageSpans, type Span, valueAt, withValue } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Call } from '../protocol/message.js';
import type { Exchange } from '../protocol/exchange.js';
import { Grant } from '../credentials/upstream-access.js';
import { Lent } from '../credentials/upstream-credentials.js';
import type { Session } from '../sessions/session.js';
import type { Visits } from '../upstream/upstream-sessions.js';
import type { Asked, SealedIds } from './sealed-ids.js';

/** Brings what a client answers to the upstream that asked, from any replica: the sealed id says which that is. */
export class ClientAnswers {
  constructor(
    private readonly ids: SealedIds,
    private readonly visits: Visits,
  ) {}

  /** @throws LetheError `message_invalid` when nobody here waits for it, `session_unknown`; about the upstream */
  async answer(exchange: Exchange, call: Call, session: Session): Promise<void> {
    const { message } = call;
    const asked = message.kind === 'response' ? this.ids.openRequest(session, message.id) : undefined;
    if (!asked) throw new LetheError('message_invalid', { rule: 'response_unasked' });
    await this.deliver(exchange, call, session, asked, message.spans.get('id'));
    exchange.reply.empty(202);
  }

  /** Progress of what an upstream asked; about anything else it means nothing here. */
  async progress(exchange: Exchange, call: Call, session: Session): Promise<void> {
    const { bytes, spans } = call.message;
    const span = tokenSpan(spans);
    const asked = this.ids.openProgress(session, valueAt(bytes, span));
    if (asked) await this.deliver(exchange, call, session, asked, span);
    exchange.reply.empty(202);
  }

  private async deliver(
    exchange: Exchange,
    { caller, message }: Call,
    session: Session,
    asked: Asked,
    span: Span | undefined,
  ): Promise<void> {
    const gateway = caller.server.gateways.find(({ slug }) => slug === asked.gateway);
    const upstream = gateway && (asked.once ?? session.with(gateway));
    if (!gateway || !upstream || !span) throw new LetheError('session_unknown');
    const lent = Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, gateway));
    await this.visits.tell(lent, upstream, withValue(message.bytes, span, asked.own));
  }
}

function tokenSpan(spans: MessageSpans): Span | undefined {
  return spans.get('params.progressToken');
}
