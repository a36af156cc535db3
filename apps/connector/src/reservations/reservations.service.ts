import { type ReserveSlotReply, type NoSlotReason, type VerificationOrder, SUBJECTS } from '@lethe/contracts';
import { BusHealth } from '@lethe/messaging';
import { sleep } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from '../handshakes/connector-options.js';
import { DoorAddressService } from '../door/door-address.service.js';
import { HandshakesService } from '../handshakes/handshakes.service.js';
import { ConnectorIdentity } from '../identity/connector-identity.js';
import { ReservedSlot } from '../slots/reserved-slot.js';
import { acceptOrder } from './verification-order.js';
import type { SlotPublicKey } from '../slots/slot.js';
import { SlotsService } from '../handshakes/slots.service.js';

/** How long a request waits at most for a slot that starts or is still loading. The registry waits 2.5 s for the response. */
const RESPONSE_MS = 2_000;

/** A slot that an order has got. */
interface Taken {
  readonly reserved: ReservedSlot;
  readonly publicKey: SlotPublicKey;
  readonly now: Date;
}

/** Reserves slots for orders that a registry has signed. */
@Injectable()
export class ReservationsService {
  private lastTaken: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions,
    private readonly slots: SlotsService,
    private readonly handshakes: HandshakesService,
    private readonly identity: ConnectorIdentity,
    private readonly trust: Trust,
    private readonly bus: BusHealth,
    private readonly door: DoorAddressService,
  ) {}

  async reserve(jws: string): Promise<ReserveSlotReply> {
    const respondBy = performance.now() + RESPONSE_MS;
    const order = await acceptOrder(jws, this.trust, this.options.policy, new Date());
    if (order === undefined) return noSlot('order_refused');
    if (await this.isBusCaptured()) return noSlot('bus_captured');
    const taken = await this.takeInTurn(order, respondBy);
    return 'status' in taken ? taken : this.offer(taken, respondBy);
  }

  /** One order after the other, so that those which wait for a slot count for the limits too. */
  private takeInTurn(order: VerificationOrder, respondBy: number): Promise<Taken | ReserveSlotReply> {
    const taken = this.lastTaken.then(() => this.take(order, respondBy));
    this.lastTaken = taken.catch(() => undefined);
    return taken;
  }

  private async take(order: VerificationOrder, respondBy: number): Promise<Taken | ReserveSlotReply> {
    const limit = this.slots.reserved.limitReached(order.administrator, new Date());
    if (limit !== undefined) return { status: 'no_slot', ...limit };
    const ready = await this.slots.take(respondBy - performance.now());
    if (ready === undefined) return noSlot('empty');
    const now = new Date();
    const exp = Math.min(order.exp, Math.floor(now.getTime() / 1000) + this.options.slotTtlSeconds);
    const reserved = new ReservedSlot(order, ready.slot, exp);
    this.slots.reserve(reserved);
    return { reserved, publicKey: ready.publicKey, now };
  }

  private async offer({ reserved, publicKey, now }: Taken, respondBy: number): Promise<ReserveSlotReply> {
    const { order, slot, exp } = reserved;
    slot.assign({
      vid: order.vid,
      url: order.url,
      transport: order.transport,
      policy: this.options.policy,
      tlsCa: order.tlsCa,
      timeoutMs: this.options.handshakeTimeoutMs,
      hasCredential: order.credential === 'sealed',
    });
    // The credential is sent to a process that has nothing left to load, and opens it at once.
    if (order.credential !== 'none') await Promise.race([slot.warmUp(), sleepUntil(respondBy)]);
    // Meanwhile its process may have ended, or the connector be told to stop.
    if (this.slots.reserved.find(slot.id) !== reserved) return noSlot('empty');
    const claims = { connector: this.identity.id, slot: slot.id, kid: publicKey.kid, jwk: publicKey.publicJwk, exp };
    const { vid, gatewayId, url: aud } = order;
    const doorUrl = order.credential === 'none' ? undefined : this.door.urlOf(slot.id);
    const offer = await this.identity.signer.sign('slotOffer', { ...claims, aud, gatewayId, vid, doorUrl }, now);
    if (order.credential === 'none') this.handshakes.start(reserved);
    return { status: 'lent', offer };
  }

  /** Looks for a stream that stores sealed credentials, even those of one slot, before one can be sent. */
  private async isBusCaptured(): Promise<boolean> {
    return (await this.bus.findCapturingStream(SUBJECTS.handshake)) !== undefined;
  }
}

function sleepUntil(time: number): Promise<void> {
  return sleep(Math.max(0, time - performance.now()), { ref: false });
}

function noSlot(reason: NoSlotReason): ReserveSlotReply {
  return { status: 'no_slot', reason };
}
