import type { CatalogueItem } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { canonicalJson, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { itemsOf } from '../catalogue/catalogue-store.js';
import { GatewayConfig } from '../gateways/gateway-config.entity.js';
import { isConfigGenuine, isGatewayGenuine } from '../gateways/gateway-seal.js';
import { Gateway } from '../gateways/gateway.entity.js';
import type { LeftOutReason } from '../servers/server.entity.js';
import { isSameOrder, orderSubject } from '../verifications/verification-order.js';
import { Verification } from '../verifications/verification.entity.js';
import { ReceiptFloors } from '../verifications/receipt-floors.js';
import { TamperLog } from '../rows/tamper-log.js';

/** A gateway that may be published: its rows are genuine, and a connector's receipt covers its configuration. */
export interface ServedGateway {
  gateway: Gateway;
  config: GatewayConfig;
  verification: Verification;
  items: CatalogueItem[];
}

/** Loads gateways for publishing, and says why one may not be. */
@Injectable()
export class ServedGateways {
  constructor(
    @Inject(Trust) private readonly trust: Trust,
    @Inject(ReceiptFloors) private readonly floors: ReceiptFloors,
    @Inject(TamperLog) private readonly tamper: TamperLog,
  ) {}

  async load(em: EntityManager, gatewayId: string): Promise<ServedGateway | LeftOutReason> {
    const gateway = await em.findOne(Gateway, { id: gatewayId });
    if (gateway === null) return 'gateway_deleted';
    if (!isGatewayGenuine(this.trust.rowsMac(), gateway)) return 'gateway_tampered';
    if (gateway.deletedAt) return 'gateway_deleted';
    const { currentRevision: revision, servingVid } = gateway;
    if (typeof revision !== 'number' || typeof servingVid !== 'string') return 'gateway_unverified';
    const config = await em.findOne(GatewayConfig, { gatewayId, revision });
    const verification = await em.findOne(Verification, { id: servingVid });
    if (!config || !verification || !isConfigGenuine(this.trust.rowsMac(), config)) return 'gateway_tampered';
    if (!(await this.isCovered(gateway, config, verification))) return 'gateway_tampered';
    return { gateway, config, verification, items: await itemsOf(em, gatewayId) };
  }

  /**
   * No order is signed over rows that were put back to an earlier host: they are genuine, but not the last.
   * @throws LetheError `row_tampered`
   */
  async requireNewest(em: EntityManager, { id, servingVid }: Gateway): Promise<void> {
    const serving = typeof servingVid === 'string' ? await em.findOne(Verification, { id: servingVid }) : null;
    const jws = serving?.receipt;
    const receipt = typeof jws === 'string' ? await this.floors.readReceipt(jws) : undefined;
    if (this.floors.allows(id, receipt)) return;
    this.tamper.report('gateway', id);
    throw new LetheError('row_tampered', { table: 'gateway' });
  }

  /** Proxies check the same again. */
  private async isCovered(gateway: Gateway, config: GatewayConfig, verification: Verification): Promise<boolean> {
    const { receipt, facts } = verification;
    if (typeof receipt !== 'string' || !facts) return false;
    const claims = await this.floors.readReceipt(receipt);
    if (claims === undefined || !this.floors.allows(gateway.id, claims)) return false;
    const { era, protocolVersion, transport, sessionful, listScope } = facts;
    const known = canonicalJson({ era, protocolVersion, transport, sessionful, listScope });
    const isOfThis = isSameOrder(claims.order, orderSubject(verification, gateway.slug, config));
    return claims.outcome === 'verified' && isOfThis && canonicalJson(claims.facts ?? null) === known;
  }
}
