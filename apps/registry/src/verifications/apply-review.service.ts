import type { CatalogueItem } from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { catalogueDigest, Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { changeKey } from '../catalogue/item-content.js';
import { rememberDecisions } from '../changes/change-records.js';
import type { VerificationChange } from '../changes/verification-change.entity.js';
import { configOf, findGateway, lockGateway } from '../gateways/gateway-rows.js';
import { requireGenuineConfig, requireGenuineGateway } from '../gateways/gateway-seal.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { requireMatch } from '../rest/etag.js';
import { StagedPart } from './catalogue-part.entity.js';
import { CatalogueApplier, changesSince, isWanted } from './catalogue-applier.service.js';
import { ReceiptHighWaterMarks } from './receipt-high-water-marks.service.js';
import { chosenChanges, reviewedChanges, requireReview, type ReviewRequest } from './review-selection.js';
import { stagedItems } from './staged-parts.js';
import { findVerification } from './verification-rows.js';
import type { Verification } from './verification.entity.js';

/** Carries out what an administrator decides about changes that wait, or that were rejected before. */
@Injectable()
export class ApplyReview {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly applier: CatalogueApplier,
    private readonly marks: ReceiptHighWaterMarks,
  ) {}

  /**
   * Serves the chosen changes, or all that wait.
   * @throws LetheError `not_found`, `nothing_to_apply`, `review_superseded`, `server_waits`, `precondition_failed`, `row_tampered`
   */
  apply(request: ReviewRequest): Promise<Verification> {
    return this.decide(request, 'applied', async (em, gateway, verification, { chosen, all }) => {
      await this.requireWanted(em, gateway, verification);
      const items = await this.genuineItems(em, verification);
      await requireShownServer(em, gateway, verification, all);
      const isServerAccepted = all.every(({ kind, status }) => kind !== 'server' || isServed(status));
      const accepted = new Set(chosen.map(changeKey));
      await this.applier.serveReviewed(em, gateway, verification, { items, accepted, isServerAccepted });
    });
  }

  /**
   * Rejects the chosen changes, or all that wait. They are not asked about again until they change.
   * @throws LetheError like `apply`
   */
  reject(request: ReviewRequest): Promise<Verification> {
    return this.decide(request, 'rejected', () => Promise.resolve());
  }

  /**
   * The items of the result, in the upstream's order.
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

  private decide(
    request: ReviewRequest,
    status: 'applied' | 'rejected',
    carryOut: (
      em: EntityManager,
      gateway: Gateway,
      verification: Verification,
      changes: { chosen: VerificationChange[]; all: VerificationChange[] },
    ) => Promise<void>,
  ): Promise<Verification> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, request.ref);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      const verification = await findVerification(em, gateway.id, request.vid, LockMode.PESSIMISTIC_WRITE);
      requireMatch(request.ifMatch, { version: verification.reviewVersion });
      await requireReview(em, gateway, verification);
      const all = await reviewedChanges(em, gateway, verification);
      const chosen = chosenChanges(all, request.items, status === 'applied');
      for (const change of chosen) Object.assign(change, { status, decidedAt: new Date() });
      await rememberDecisions(em, chosen, status === 'rejected');
      await carryOut(em, gateway, verification, { chosen, all });
      verification.reviewVersion += 1;
      await endWhatIsDecided(em, gateway, verification, all);
      await em.flush();
      return verification;
    });
  }

  private async genuineItems(em: EntityManager, { id, facts, digest }: Verification): Promise<CatalogueItem[]> {
    const items = await stagedItems(em, id);
    if (!facts || catalogueDigest(facts, items) !== digest) {
      throw new LetheError('row_tampered', { table: 'catalogue_part' });
    }
    return items;
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

/**
 * What an upstream says of itself is served with the rest unless its change waits, so a change whose row somebody has deleted
 * would be served unseen. Deleted rows of items only keep these from being served.
 */
async function requireShownServer(
  em: EntityManager,
  gateway: Gateway,
  { facts }: Verification,
  all: readonly VerificationChange[],
): Promise<void> {
  if (!facts || all.some(({ kind }) => kind === 'server')) return;
  const found = await changesSince(em, gateway.servingVid, [], { facts, items: [] });
  if (found.length > 0) throw new LetheError('row_tampered', { table: 'verification_change' });
}

function isServed(status: VerificationChange['status']): boolean {
  return status === 'applied' || status === 'served';
}

/** Rejected changes keep the result: they may still be applied. */
async function endWhatIsDecided(
  em: EntityManager,
  gateway: Gateway,
  verification: Verification,
  changes: readonly VerificationChange[],
): Promise<void> {
  if (!changes.some(({ status }) => status === 'pending')) verification.review = null;
  if (!changes.every(({ status }) => isServed(status))) return;
  gateway.reviewVid = null;
  await em.nativeDelete(StagedPart, { vid: verification.id });
}
