import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { contentDigest } from '../catalogue/item-content.js';
import { type ChangeStatus, VerificationChange } from '../changes/verification-change.entity.js';
import type { ShownChange } from '../changes/change.view.js';
import { ItemVersion } from '../changes/item-version.entity.js';
import { findGateway, lockGateway } from '../gateways/gateway-rows.js';
import { TamperLog } from '../rows/tamper-log.service.js';
import { limitOf, numberOf, type PageQuery } from '../rest/paging.js';
import { reviewedChanges } from './review-selection.js';
import { findVerification } from './verification-rows.js';
import type { Verification } from './verification.entity.js';

/** A change at its position. */
export type PlacedChange = ShownChange & { ordinal: number };

/** Reads what verifications changed, with both definitions. */
@Injectable()
export class VerificationDiff {
  constructor(
    private readonly database: Database,
    private readonly tamper: TamperLog,
  ) {}

  /**
   * A page of the changes, in the order of the upstream's lists.
   * @throws LetheError `not_found`; `row_tampered` rather than a definition that is not the one of the result
   */
  async read(
    ref: string,
    vid: string,
    query: PageQuery & { status?: ChangeStatus },
  ): Promise<{ verification: Verification; changes: PlacedChange[] }> {
    await this.completeOld(ref, vid);
    const after = numberOf(query, 'integer') ?? -1;
    return this.database.read(async (em) => {
      const gateway = await findGateway(em, ref);
      const verification = await findVerification(em, gateway.id, vid);
      const wanted = { vid: verification.id, ...(query.status !== undefined && { status: query.status }) };
      const page = { ...wanted, ordinal: { $gt: after } };
      const order = { orderBy: { ordinal: 'asc' }, limit: limitOf(query) + 1 } as const;
      const rows = await em.find(VerificationChange, page, order);
      if (rows.length > 0) return { verification, changes: await this.withDefinitions(em, gateway.id, rows) };
      const isOld = (await em.count(VerificationChange, { vid: verification.id })) === 0;
      return { verification, changes: isOld ? namesOnly(verification, query).slice(after + 1) : [] };
    });
  }

  private async withDefinitions(
    em: EntityManager,
    gatewayId: string,
    rows: VerificationChange[],
  ): Promise<PlacedChange[]> {
    const digests = rows.flatMap(({ beforeDigest, afterDigest }) => [beforeDigest, afterDigest]);
    const wanted = [...new Set(digests.filter((digest) => typeof digest === 'string'))];
    const versions = await em.find(ItemVersion, { gatewayId, digest: { $in: wanted } });
    const changed = versions.find(({ digest, content }) => contentDigest(content) !== digest);
    if (changed) {
      this.tamper.report('item_version', gatewayId);
      throw new LetheError('row_tampered', { table: 'item_version' });
    }
    const contents = new Map(versions.map(({ digest, content }) => [digest, content]));
    return rows.map((change) => ({
      change,
      ordinal: change.ordinal,
      before: contents.get(change.beforeDigest ?? ''),
      after: contents.get(change.afterDigest ?? ''),
    }));
  }

  /** Results that an older release of the registry holds for a review have no changes yet. */
  private async completeOld(ref: string, vid: string): Promise<void> {
    const isOld = await this.database.read(async (em) => {
      const gateway = await findGateway(em, ref);
      const { id } = await findVerification(em, gateway.id, vid);
      return gateway.reviewVid === id && (await em.count(VerificationChange, { vid: id })) === 0;
    });
    if (!isOld) return;
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      const verification = await findVerification(em, gateway.id, vid);
      if (gateway.reviewVid === verification.id) await reviewedChanges(em, gateway, verification);
    });
  }
}

/** Of a verification of an older release, only names are stored. */
function namesOnly({ diff }: Verification, { status }: { status?: ChangeStatus }): PlacedChange[] {
  if (!diff || (status !== undefined && status !== 'served')) return [];
  const changes = (['added', 'changed', 'removed'] as const).flatMap((change) =>
    diff[change].map(({ kind, own }) => ({ kind, own, change, status: 'served' as const })),
  );
  return changes.map((change, ordinal) => ({ change, ordinal }));
}
