import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { catalogueDigest, Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { lockGateway } from '../gateways/gateway-rows.js';
import { requireGenuineGateway } from '../gateways/gateway-seal.js';
import { CatalogueApplier } from './catalogue-applier.service.js';
import { StagedPart } from './catalogue-part.entity.js';
import { findVerification } from './verification-rows.js';
import type { Verification } from './verification.entity.js';

/** Applies changes that an administrator has reviewed. */
@Injectable()
export class ApplyReview {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly applier: CatalogueApplier,
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
      const parts = await em.find(StagedPart, { vid: id }, { orderBy: { n: 'asc' } });
      const items = parts.flatMap((part) => part.items);
      if (catalogueDigest(facts, items) !== digest) throw new LetheError('row_tampered', { table: 'catalogue_part' });
      await this.applier.applyReviewed(em, gateway, parts);
      await em.nativeDelete(StagedPart, { vid: id });
      return verification;
    });
  }
}
