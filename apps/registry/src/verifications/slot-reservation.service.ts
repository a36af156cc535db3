import { ReserveSlot, type ReserveSlotReply, type VerificationOrder, type SlotOfferClaims } from '@lethe/contracts';
import { RequestClient, RequestFailed } from '@lethe/messaging';
import { LetheError, sleep } from '@lethe/platform';
import { SealingError, Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { HandshakeSubjects } from './handshake-subjects.service.js';

const TIMEOUT_MS = 2_500;
/** Pauses before the attempts: a connector leaves the queue group while none of its slots can start. */
const PAUSES_MS = [0, 250, 1_000];

/** A slot that a connector reserved for one order. */
export interface ReservedSlot {
  /** Signed by the connector; the client that seals trusts only this. */
  offer: string;
  claims: SlotOfferClaims;
}

/** Reserves a slot with one of the connectors. */
@Injectable()
export class SlotReservation {
  constructor(
    private readonly requests: RequestClient,
    private readonly trust: Trust,
    private readonly subjects: HandshakeSubjects,
  ) {}

  /** @throws LetheError `no_slot`, `too_many_slots`, `bus_unavailable`, `bus_captured` */
  async reserve(order: VerificationOrder): Promise<ReservedSlot> {
    await this.subjects.refuseCaptured();
    const signed = await this.trust.registrySigner().sign('order', order, new Date());
    for (const pauseMs of PAUSES_MS) {
      await sleep(pauseMs);
      const reply = await this.request(signed);
      if (reply?.status === 'lent') return this.accept(reply, order);
      if (reply?.reason === 'too_many_lent' || reply?.reason === 'administrator_limit') {
        throw new LetheError('too_many_slots', { retryAfterSeconds: reply.retryAfterSeconds ?? 1 });
      }
      if (reply?.reason === 'order_refused') throw new LetheError('no_slot', { reason: 'order_refused' });
      if (reply?.reason === 'bus_captured') throw new LetheError('bus_captured');
    }
    throw new LetheError('no_slot');
  }

  /** Asks one connector; undefined when none answered in time. The next attempt may reach another one. */
  private async request(order: string): Promise<ReserveSlotReply | undefined> {
    try {
      return await this.requests.request(ReserveSlot, Object.assign(new ReserveSlot(), { order }), {
        timeoutMs: TIMEOUT_MS,
      });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      if (error.reason === 'disconnected') throw new LetheError('bus_unavailable');
      if (error.reason === 'invalid_reply') throw new LetheError('bus_captured');
      return undefined;
    }
  }

  /** Reads an offer, which must be signed by a connector for exactly this order. */
  private async accept(reply: ReserveSlotReply, order: VerificationOrder): Promise<ReservedSlot> {
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
