import { LendSlot, type LendSlotReply, type OrderClaims, type SlotOfferClaims } from '@lethe/contracts';
import { RequestClient, RequestFailed } from '@lethe/messaging';
import { LetheError, sleep } from '@lethe/platform';
import { SealingError, Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { HandshakeSubjects } from './handshake-subjects.js';

const TIMEOUT_MS = 2_500;
/** Before each of the three attempts: connectors leave the group while they refill, which takes a moment. */
const PAUSES_MS = [0, 250, 1_000];

/** A slot, lent for one order. */
export interface LentSlot {
  /** The connector's signature: what a sealing client trusts. */
  offer: string;
  claims: SlotOfferClaims;
}

/** Asks the connectors for a slot. */
@Injectable()
export class Lending {
  constructor(
    @Inject(RequestClient) private readonly requests: RequestClient,
    @Inject(Trust) private readonly trust: Trust,
    @Inject(HandshakeSubjects) private readonly subjects: HandshakeSubjects,
  ) {}

  /** @throws LetheError `no_slot`, `too_many_slots`, `bus_unavailable`, `bus_captured` */
  async lend(order: OrderClaims): Promise<LentSlot> {
    await this.subjects.refuseCaptured();
    const signed = await this.trust.registrySigner().sign('order', order, new Date());
    for (const pauseMs of PAUSES_MS) {
      await sleep(pauseMs);
      const reply = await this.ask(signed);
      if (reply?.status === 'lent') return this.accept(reply, order);
      if (reply?.reason === 'too_many_lent' || reply?.reason === 'administrator_limit') {
        throw new LetheError('too_many_slots');
      }
      if (reply?.reason === 'order_refused') throw new LetheError('no_slot', { reason: 'order_refused' });
      if (reply?.reason === 'bus_captured') throw new LetheError('bus_captured');
    }
    throw new LetheError('no_slot');
  }

  /** Undefined: nobody, or nobody in time. The next one asked may be another connector. */
  private async ask(order: string): Promise<LendSlotReply | undefined> {
    try {
      return await this.requests.ask(LendSlot, Object.assign(new LendSlot(), { order }), { timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.reason === 'disconnected') throw new LetheError('bus_unavailable');
      if (error.reason === 'invalid_reply') throw new LetheError('bus_captured');
      return undefined;
    }
  }

  /** An offer counts only when a connector signed it for exactly this order. */
  private async accept(reply: LendSlotReply, order: OrderClaims): Promise<LentSlot> {
    try {
      const offer = reply.offer ?? '';
      const claims = await this.trust.verify<SlotOfferClaims>('slotOffer', offer, { now: new Date() });
      const isForOrder = claims.vid === order.vid && claims.aud === order.url && claims.gatewayId === order.gatewayId;
      if (isForOrder && claims.exp <= order.exp) return { offer, claims };
    } catch (error) {
      if (!(error instanceof SealingError)) throw error;
    }
    throw new LetheError('bus_captured');
  }
}
