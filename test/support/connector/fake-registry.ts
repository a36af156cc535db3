import { randomUUID } from 'node:crypto';
import {
  cancelSubject,
  CancelVerification,
  type CatalogueItem,
  CataloguePart,
  type Credential,
  GatewayVerificationFailed,
  GatewayVerified,
  handshakeSubject,
  type HandshakeReplyClaims,
  ReserveSlot,
  type ReserveSlotReply,
  OpenCredential,
  type VerificationOrder,
  type ReceiptClaims,
  type SlotOfferClaims,
} from '@lethe/contracts';
import { type BusOptions, type EventHandler, OnEvent, RequestClient } from '@lethe/messaging';
import { sealCredential, type Trust, verifySlotOffer } from '@lethe/sealing';
import { Inject, type INestApplication } from '@nestjs/common';
import { eventually } from '../eventually.js';
import { startBusApp } from '../messaging-app.js';

/** What the bus brought about handshakes, in order. */
class Inbox {
  readonly events: (CataloguePart | GatewayVerified | GatewayVerificationFailed)[] = [];
}

@OnEvent(CataloguePart)
class KeepsParts implements EventHandler<CataloguePart> {
  constructor(@Inject(Inbox) private readonly inbox: Inbox) {}
  handle = async (event: CataloguePart): Promise<void> => void this.inbox.events.push(event);
}

@OnEvent(GatewayVerified)
class KeepsVerified implements EventHandler<GatewayVerified> {
  constructor(@Inject(Inbox) private readonly inbox: Inbox) {}
  handle = async (event: GatewayVerified): Promise<void> => void this.inbox.events.push(event);
}

@OnEvent(GatewayVerificationFailed)
class KeepsFailed implements EventHandler<GatewayVerificationFailed> {
  constructor(@Inject(Inbox) private readonly inbox: Inbox) {}
  handle = async (event: GatewayVerificationFailed): Promise<void> => void this.inbox.events.push(event);
}

/** A reserved slot, as a registry and a sealing client see it. */
export interface Reserved {
  vid: string;
  offer: SlotOfferClaims;
  doorUrl: string | undefined;
}

/** How a verification ended: the one event, the items of its parts and its own, and its verified receipt. */
export interface Ending {
  event: GatewayVerified | GatewayVerificationFailed;
  items: CatalogueItem[];
  receipt: ReceiptClaims;
}

/** The registry's side of a handshake on a real bus with real signatures, without a database. */
export class FakeRegistry {
  private constructor(
    private readonly app: INestApplication,
    private readonly trust: Trust,
    private readonly inbox: Inbox,
  ) {}

  static async start(bus: BusOptions, trust: Trust): Promise<FakeRegistry> {
    const app = await startBusApp(bus, { providers: [Inbox, KeepsParts, KeepsVerified, KeepsFailed] });
    return new FakeRegistry(app, trust, app.get(Inbox));
  }

  order(url: string, changes: Partial<VerificationOrder> = {}): VerificationOrder {
    return {
      vid: randomUUID(),
      gatewayId: randomUUID(),
      slug: 'fixture',
      url,
      transport: 'auto',
      mappings: [{ header: 'Authorization' }],
      configRevision: 1,
      attempt: 1,
      administrator: randomUUID(),
      credential: 'sealed',
      exp: Math.floor(Date.now() / 1000) + 60,
      ...changes,
    };
  }

  async ask(order: VerificationOrder): Promise<ReserveSlotReply> {
    const jws = await this.trust.registrySigner().sign('order', order, new Date());
    return this.send(jws);
  }

  /** Asks with whatever stands for a signed order. */
  send(order: string): Promise<ReserveSlotReply> {
    return this.app.get(RequestClient).request(ReserveSlot, { order }, { timeoutMs: 3_000 });
  }

  /** Asks until a slot is free, as a person would. */
  async reserve(order: VerificationOrder): Promise<Reserved> {
    const reply = await eventually(async () => {
      const answer = await this.ask(order);
      if (answer.offer === undefined) throw new Error(`no slot: ${answer.reason ?? ''}`);
      return answer;
    });
    const nowSeconds = Math.floor(Date.now() / 1000);
    const offer = await verifySlotOffer(reply.offer ?? '', this.trust.identities('connector'), nowSeconds);
    return { vid: order.vid, offer, doorUrl: offer.doorUrl };
  }

  /** Sends a sealed credential to its slot and verifies the signed answer. */
  async deliver({ vid, offer }: Reserved, sealed: string): Promise<HandshakeReplyClaims> {
    const subject = handshakeSubject(offer.connector, offer.slot);
    const request = { vid, sealed };
    const { reply } = await this.app.get(RequestClient).request(OpenCredential, request, { timeoutMs: 2_500, subject });
    return this.trust.verify<HandshakeReplyClaims>('handshakeReply', reply);
  }

  /** Asks the connector of a slot to cancel its verification. */
  async cancel({ vid, offer: { connector, slot } }: Reserved): Promise<string> {
    const options = { timeoutMs: 2_500, subject: cancelSubject(connector) };
    return (await this.app.get(RequestClient).request(CancelVerification, { vid, slot }, options)).status;
  }

  /** Reserve, seal, deliver, await the end. */
  async verify(order: VerificationOrder, credential: Credential): Promise<Ending> {
    const reserved = await this.reserve(order);
    const reply = await this.deliver(reserved, await sealCredential(reserved.offer, credential));
    if (reply.status !== 'accepted') throw new Error(`not accepted: ${reply.status} ${reply.code ?? ''}`);
    return this.ending(order.vid);
  }

  async ending(vid: string, timeoutMs = 20_000): Promise<Ending> {
    const event = await eventually(() => {
      const found = this.endings(vid)[0];
      if (found === undefined) throw new Error('the verification has not ended');
      return found;
    }, timeoutMs);
    const parts = this.inbox.events.filter((one) => one instanceof CataloguePart).filter((part) => part.vid === vid);
    const rest = event instanceof GatewayVerified ? event.items : [];
    const items = [...parts.toSorted((a, b) => a.n - b.n).flatMap((part) => part.items), ...rest];
    return { event, items, receipt: await this.trust.verify<ReceiptClaims>('receipt', event.receipt) };
  }

  /** All final events of a verification; there is to be one. */
  endings(vid: string): (GatewayVerified | GatewayVerificationFailed)[] {
    return this.inbox.events
      .filter((event) => event instanceof GatewayVerified || event instanceof GatewayVerificationFailed)
      .filter((event) => event.vid === vid);
  }

  async close(): Promise<void> {
    await this.app.close();
  }
}
