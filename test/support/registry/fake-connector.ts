import { randomUUID } from 'node:crypto';
import {
  cancelSubject,
  CancelVerification,
  type CatalogueItem,
  CataloguePart,
  type Credential,
  type FailureFacts,
  failureFacts,
  GatewayVerificationFailed,
  GatewayVerified,
  type AuthScheme,
  type HandshakeCode,
  handshakeSubject,
  ReserveSlot,
  type ReserveSlotReply,
  OpenCredential,
  type ProbeOrder,
  type ProbeReport,
  ProbeUpstream,
  type ProbeUpstreamReply,
  type VerificationOrder,
  type OrderSubject,
  type ReceiptClaims,
  receiptFacts,
  type SlotOfferClaims,
  type UpstreamFacts,
  type CatalogueCounts,
  type HandshakeWarning,
} from '@lethe/contracts';
import { type BusOptions, EventPublisher, ResponderRegistry } from '@lethe/messaging';
import { catalogueDigest, generateSlotKey, openCredential, type SlotKey, type Trust } from '@lethe/sealing';
import type { INestApplication } from '@nestjs/common';
import { startBusApp } from '../messaging-app.js';

export const FACTS: UpstreamFacts = {
  era: 'legacy',
  protocolVersion: '2025-11-25',
  transport: 'streamable-http',
  sessionful: false,
  listScope: 'unknown',
  serverInfo: { name: 'fixture', version: '1' },
  capabilities: { tools: {} },
};

export const tool = (own: string, description = own): CatalogueItem => ({
  kind: 'tool',
  own,
  definition: { name: own, description, inputSchema: { type: 'object' } },
});

interface Reserved {
  order: VerificationOrder;
  offer: SlotOfferClaims;
  key: SlotKey;
  opened?: Credential;
}

export interface ReportOptions {
  items?: CatalogueItem[];
  facts?: UpstreamFacts;
  /** Added to the counts of a catalogue of tools. */
  counts?: Partial<CatalogueCounts>;
  warnings?: HandshakeWarning[];
  /** Changes what is reported after it was receipted. */
  tamper?: (event: GatewayVerified) => void;
  /** Changes the order that the receipt repeats. */
  order?: Partial<OrderSubject>;
  trust?: Trust;
  itemsPerPart?: number;
  /** When the connector signs its receipt. */
  at?: Date;
}

/** Lends, opens and reports as a connector does, without an upstream: what it found is what the test says. */
export class FakeConnector {
  readonly id = `fake-${randomUUID().slice(0, 8)}`;
  readonly reserved = new Map<string, Reserved>();
  /** What it was asked to cancel. */
  readonly cancelled: CancelVerification[] = [];
  noSlotReason: ReserveSlotReply['reason'];
  /** The door as the signed offer names it, and as an attacker on the way would. */
  doorUrl: string | undefined;
  forgedDoorUrl: string | undefined;
  private app?: INestApplication;

  constructor(readonly trust: Trust) {}

  async start(bus: BusOptions): Promise<this> {
    this.app = await startBusApp(bus, {
      before: (app) => {
        const registry = app.get(ResponderRegistry);
        registry.respond(ReserveSlot, ReserveSlot.subject, ({ order }) => this.reserve(order));
        registry.respond(CancelVerification, cancelSubject(this.id), async (request) => {
          this.cancelled.push(request);
          return { status: 'cancelled' };
        });
        registry.respond(ProbeUpstream, ProbeUpstream.subject, ({ order }) => this.probe(order));
        registry.respond(OpenCredential, handshakeSubject(this.id, '*'), (request) => this.open(request));
      },
    });
    return this;
  }

  async stop(): Promise<void> {
    await this.app?.close();
  }

  private async probe(jws: string): Promise<ProbeUpstreamReply> {
    const { url } = await this.trust.verify<ProbeOrder>('probeOrder', jws, { now: new Date() });
    const report: ProbeReport = { url, outcome: 'unreachable', eras: [], requests: 1, durationMs: 1 };
    return { status: 'answered', report: await this.trust.connectorSigner().sign('probeReport', report, new Date()) };
  }

  private async reserve(jws: string): Promise<ReserveSlotReply> {
    if (this.noSlotReason) return { status: 'no_slot', reason: this.noSlotReason };
    const order = await this.trust.verify<VerificationOrder>('order', jws, { now: new Date() });
    const key = await generateSlotKey();
    const { vid, gatewayId, url: aud, exp } = order;
    const slot = randomUUID();
    const { doorUrl, forgedDoorUrl } = this;
    const offer = { connector: this.id, slot, kid: key.kid, jwk: key.publicJwk, aud, gatewayId, vid, exp, doorUrl };
    this.reserved.set(vid, { order, offer, key });
    const signed = await this.trust.connectorSigner().sign('slotOffer', offer, new Date());
    return Object.assign({ status: 'lent' as const, offer: signed }, forgedDoorUrl && { doorUrl: forgedDoorUrl });
  }

  private async open({ vid, sealed }: OpenCredential): Promise<{ reply: string }> {
    const reserved = this.reserved.get(vid);
    const reply = async (status: 'accepted' | 'slot_gone' | 'refused', code?: string) => {
      const claims = { vid, slot: reserved?.offer.slot ?? '', status, ...(code && { code }) };
      return { reply: await this.trust.connectorSigner().sign('handshakeReply', claims, new Date()) };
    };
    if (!reserved || reserved.opened) return reply('slot_gone');
    try {
      const nowSeconds = Math.floor(Date.now() / 1000);
      reserved.opened = await openCredential(sealed, reserved.key, { aud: reserved.offer.aud, vid, nowSeconds });
      return await reply('accepted');
    } catch {
      return reply('refused', 'envelope_invalid');
    }
  }

  /** Everything a finished handshake sends, ready to be published in any order, any number of times. */
  async results(vid: string, options: ReportOptions = {}): Promise<{ parts: CataloguePart[]; event: GatewayVerified }> {
    const { items = [], facts = FACTS, itemsPerPart = 2, trust = this.trust, at, warnings = [] } = options;
    const { order, offer } = this.reserved.get(vid)!;
    const own = { tools: items.length, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 0 };
    const counts = { ...own, ...options.counts };
    const of = Math.floor(items.length / itemsPerPart);
    const parts = Array.from({ length: of }, (_, n) => {
      const piece = items.slice(n * itemsPerPart, (n + 1) * itemsPerPart);
      return Object.assign(new CataloguePart(), { vid, gatewayId: order.gatewayId, n, of, items: piece });
    });
    const rest = items.slice(of * itemsPerPart);
    const digest = catalogueDigest(facts, items);
    const receipt = await this.receipt(
      trust,
      { ...toSubject(order), ...options.order },
      offer,
      {
        outcome: 'verified',
        ...{ digest, counts, facts: receiptFacts(facts) },
      },
      at,
    );
    const event = Object.assign(new GatewayVerified(), {
      ...{ vid, gatewayId: order.gatewayId, configRevision: order.configRevision, attempt: order.attempt },
      ...{ parts: of, items: rest, facts, counts, skipped: [], warnings, digest, receipt, requests: 3 },
      ...{ startedAt: new Date().toISOString(), finishedAt: new Date().toISOString() },
    });
    options.tamper?.(event);
    return { parts, event };
  }

  async verify(vid: string, options: ReportOptions = {}): Promise<void> {
    const { parts, event } = await this.results(vid, options);
    for (const part of parts) await this.publish(CataloguePart, part);
    await this.publish(GatewayVerified, event);
  }

  /** @param signed what the receipt says, if that differs from what the event says */
  async fail(
    vid: string,
    code: HandshakeCode,
    facts: FailureFacts & { scheme?: AuthScheme; wantsProof?: true } = {},
    signed: FailureFacts = facts,
  ): Promise<void> {
    const { order, offer } = this.reserved.get(vid)!;
    const claims = { outcome: 'failed', code, failure: failureFacts(signed) } as const;
    const receipt = await this.receipt(this.trust, toSubject(order), offer, claims);
    const event = Object.assign(new GatewayVerificationFailed(), {
      ...{ vid, gatewayId: order.gatewayId, configRevision: order.configRevision, attempt: order.attempt },
      ...{ code, httpStatus: 401, ...facts, receipt, requests: 1 },
      ...{ startedAt: new Date().toISOString(), finishedAt: new Date().toISOString() },
    });
    await this.publish(GatewayVerificationFailed, event);
  }

  /** Each publication is a delivery of its own. */
  async publish<T extends object>(type: { new (): T; readonly subject: string }, event: T): Promise<void> {
    await this.app!.get(EventPublisher).publish(type, event, { id: randomUUID() });
  }

  private receipt(
    trust: Trust,
    order: OrderSubject,
    { connector, slot }: SlotOfferClaims,
    rest: Partial<ReceiptClaims> & Pick<ReceiptClaims, 'outcome'>,
    now = new Date(),
  ): Promise<string> {
    const at = now.toISOString();
    const claims: ReceiptClaims = {
      ...{ order, connector, slot, origins: [new URL(order.url).origin], requests: 3, startedAt: at, finishedAt: at },
      slotEnd: { how: 'exited', at },
      ...rest,
    };
    return trust.connectorSigner().sign('receipt', claims, now);
  }
}

function toSubject(order: VerificationOrder): OrderSubject {
  const { vid, gatewayId, slug, url, transport, mappings, configRevision, attempt } = order;
  return { vid, gatewayId, slug, url, transport, mappings, configRevision, attempt };
}
