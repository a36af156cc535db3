import type { CatalogueItem } from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { catalogueDigest, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { configOf, findGateway, lockGateway } from '../gateways/gateway-rows.js';
import { requireGenuineConfig, requireGenuineGateway } from '../gateways/gateway-seal.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { CatalogueApplier, isWanted } from './catalogue-applier.service.js';
import { ReceiptHighWaterMarks } from './receipt-high-water-marks.service.js';
import { stagedItems } from './staged-parts.js';
import { findVerification } from './verification-rows.js';
import type { Verification } from './verification.entity.js';

/** Applies changes that an administrator has reviewed. */
@Injectable()
export class ApplyReview {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly applier: CatalogueApplier,
    private readonly marks: ReceiptHighWaterMarks,
  ) {}

  /** @throws LetheError `not_found`, `nothing_to_apply`, `row_tampered` */
  apply(ref: string, vid: string): Promise<Verification> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      const verification = await findVerification(em, gateway.id, vid);
      const { id, facts, digest } = verification;
      if (gateway.reviewVid !== id || !facts) throw new LetheError('nothing_to_apply');
      await this.requireWanted(em, gateway, verification);
      const items = await stagedItems(em, id);
      if (catalogueDigest(facts, items) !== digest) throw new LetheError('row_tampered', { table: 'catalogue_part' });
      await this.applier.applyReviewed(em, gateway, verification, items);
      return verification;
    });
  }

  /**
   * The items that wait, in the upstream's order.
   * @throws LetheError `not_found`, `nothing_to_apply`
   */
  waiting(ref: string, vid: string): Promise<CatalogueItem[]> {
    return this.database.read(async (em) => {
      const gateway = await findGateway(em, ref);
      const { id } = await findVerification(em, gateway.id, vid);
      if (gateway.reviewVid !== id) throw new LetheError('nothing_to_apply');
      return stagedItems(em, id);
    });
  }

  /** A result that does not serve yet must still be for a configuration that may serve, and newer than the one that does. */
  private async requireWanted(em: EntityManager, gateway: Gateway, verification: Verification): Promise<void> {
    if (gateway.servingVid === verification.id) return;
    const { receipt, configRevision, digest } = verification;
    const claims = typeof receipt === 'string' ? await this.marks.readReceipt(receipt) : undefined;
    const isSigned = claims?.outcome === 'verified' && claims.digest === digest && claims.order.vid === verification.id;
    if (!isSigned) throw new LetheError('row_tampered', { table: 'verification' });
    requireGenuineConfig(this.trust.rowsMac(), await configOf(em, gateway, configRevision));
    const isNewest = this.marks.allows(gateway.id, claims);
    if (!isNewest || !isWanted(gateway, verification)) throw new LetheError('nothing_to_apply');
  }
}
