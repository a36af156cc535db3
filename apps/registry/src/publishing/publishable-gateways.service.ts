import { type CatalogueItem, receiptFacts } from '@lethe/contracts';
import { canonicalJson, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { itemsOf } from '../catalogue/catalogue-store.js';
import { GatewayConfig } from '../gateways/gateway-config.entity.js';
import { isConfigGenuine, isGatewayGenuine } from '../gateways/gateway-seal.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { KeptCredential } from '../gateways/kept-credential.entity.js';
import { isKeptGenuine, isKeptNewest } from '../gateways/kept-rows.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import type { LeftOutReason } from '../servers/server.entity.js';
import { isSameOrder, orderSubject } from '../verifications/verification-order.js';
import { Verification } from '../verifications/verification.entity.js';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';

/** A gateway that may be published: its rows are genuine, and a connector's receipt covers its configuration. */
export interface PublishableGateway {
  gateway: Gateway;
  config: GatewayConfig;
  verification: Verification;
  items: CatalogueItem[];
  /** Whether proxies keep a credential for it. */
  isKept: boolean;
}

type Checked = Pick<PublishableGateway, 'config' | 'verification' | 'items'>;

/** Items that one transaction remembers of the gateways that it publishes. */
const MAX_REMEMBERED = 10_000;

/** Loads gateways for publishing, or returns why one may not be published. */
@Injectable()
export class PublishableGateways {
  /** What a transaction has checked already, by the code of the gateway's row, which covers configuration, receipt and items. */
  private readonly checked = new WeakMap<EntityManager, LRUCache<string, Checked>>();

  constructor(
    private readonly trust: Trust,
    private readonly marks: ReceiptHighWaterMarks,
    private readonly tamper: TamperLog,
  ) {}

  async load(em: EntityManager, gatewayId: string): Promise<PublishableGateway | LeftOutReason> {
    const gateway = await em.findOne(Gateway, { id: gatewayId });
    if (gateway === null) return 'gateway_deleted';
    if (!isGatewayGenuine(this.trust.rowsMac(), gateway)) return 'gateway_tampered';
    if (gateway.deletedAt) return 'gateway_deleted';
    const { currentRevision: revision, servingVid } = gateway;
    if (typeof revision !== 'number' || typeof servingVid !== 'string') {
      return gateway.reviewVid ? 'gateway_waits_for_review' : 'gateway_unverified';
    }
    const known = this.checked.get(em)?.get(gateway.mac);
    if (known) return { gateway, ...known, isKept: await this.isKept(em, gatewayId) };
    const config = await em.findOne(GatewayConfig, { gatewayId, revision });
    const verification = await em.findOne(Verification, { id: servingVid });
    if (!config || !verification || !isConfigGenuine(this.trust.rowsMac(), config)) return 'gateway_tampered';
    if (!(await this.isCovered(gateway, config, verification))) return 'gateway_tampered';
    const checked = { config, verification, items: await itemsOf(em, gatewayId) };
    this.remember(em, gateway.mac, checked);
    return { gateway, ...checked, isKept: await this.isKept(em, gatewayId) };
  }

  /** Never remembered: what is kept changes apart from the gateway's row. */
  private async isKept(em: EntityManager, gatewayId: string): Promise<boolean> {
    const row = await em.findOne(KeptCredential, { gatewayId, sealed: { $ne: null } });
    if (row === null) return false;
    const isGenuine = isKeptGenuine(this.trust.rowsMac(), row) && (await isKeptNewest(em, this.trust, row));
    if (!isGenuine) this.tamper.report('kept_credential', gatewayId);
    return isGenuine;
  }

  private remember(em: EntityManager, mac: string, checked: Checked): void {
    // Outside of a transaction, others may change the rows meanwhile.
    if (!em.isInTransaction()) return;
    const known = this.checked.get(em) ?? new LRUCache({ maxSize: MAX_REMEMBERED, sizeCalculation: sizeOf });
    this.checked.set(em, known);
    known.set(mac, checked);
  }

  /** Whether a receipt covers exactly this configuration. Proxies check this again. */
  private async isCovered(gateway: Gateway, config: GatewayConfig, verification: Verification): Promise<boolean> {
    const { receipt, facts } = verification;
    if (typeof receipt !== 'string' || !facts) return false;
    const claims = await this.marks.readReceipt(receipt);
    if (claims === undefined || !this.marks.allows(gateway.id, claims)) return false;
    const known = canonicalJson(receiptFacts(facts));
    const isOfThis = isSameOrder(claims.order, orderSubject(verification, gateway.slug, config));
    return claims.outcome === 'verified' && isOfThis && canonicalJson(claims.facts ?? null) === known;
  }
}

function sizeOf({ items }: Checked): number {
  return items.length + 1;
}
