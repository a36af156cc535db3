import { type CatalogueItem, type GatewayVerified, type SkippedItem } from '@lethe/contracts';
import { catalogueDigest, SealingError, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { isGatewayGenuine, sealGateway } from '../gateways/gateway-seal.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { itemsOf, replaceCatalogue, storableItems } from '../catalogue/catalogue-store.js';
import { type CatalogueDiff, diffCatalogues, isDrift } from '../catalogue/catalogue-diff.js';
import { mergeForReview } from '../catalogue/review.js';
import { GatewayPublisher } from '../gateways/gateway-publisher.js';
import { StagedPart } from './catalogue-part.entity.js';
import type { ResultProblem } from './receipt-checks.js';
import { stagePart, wholeCatalogue } from './staged-parts.js';
import { type ReviewReason, Verification } from './verification.entity.js';

/** Makes a complete catalogue the current one of its gateway. */
@Injectable()
export class CatalogueApplier {
  constructor(
    private readonly trust: Trust,
    private readonly publisher: GatewayPublisher,
  ) {}

  /**
   * Applies the event, or stores it until all its parts have arrived. Returns why nothing changed, if so. The caller
   * has locked the rows.
   */
  async apply(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    event: GatewayVerified,
  ): Promise<ResultProblem | undefined> {
    if (!isGatewayGenuine(this.trust.rowsMac(), gateway)) return 'row_tampered';
    const items = await wholeCatalogue(em, event);
    if (items === undefined) {
      verification.arrived = event;
      return undefined;
    }
    if (!isDigestOf(event, items)) {
      verification.arrived = null;
      return 'digest_differs';
    }
    const { kept, skipped } = storableItems(items);
    recordOutcome(em, verification, event, skipped);
    if (!isWanted(gateway, verification)) {
      em.assign(verification, { state: 'failed', code: 'superseded' });
      await em.nativeDelete(StagedPart, { vid: verification.id });
      return 'superseded';
    }
    await this.replace(em, gateway, verification, kept, event);
    return undefined;
  }

  /** Makes a reviewed catalogue the current one. */
  async applyReviewed(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    items: CatalogueItem[],
  ): Promise<void> {
    const next = { items: storableItems(items).kept, stale: new Set<string>() };
    await endReview(em, gateway);
    verification.review = null;
    await this.serve(em, gateway, verification, next);
  }

  private async replace(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    items: CatalogueItem[],
    event: GatewayVerified,
  ): Promise<void> {
    const before = await itemsOf(em, gateway.id);
    const diff = diffCatalogues(before, items);
    verification.diff = diff;
    const review = await reviewReason(em, gateway, verification, diff);
    await endReview(em, gateway);
    if (review) {
      await stagePart(em, { vid: event.vid, n: event.parts, items: event.items });
      verification.review = review;
      gateway.reviewVid = verification.id;
    } else await em.nativeDelete(StagedPart, { vid: verification.id });
    // Instructions may hide something too: of such a result nothing is served, not even its facts.
    if (review === 'hidden_text') return em.flush();
    const next = review ? mergeForReview(before, diff) : { items, stale: new Set<string>() };
    await this.serve(em, gateway, verification, next);
  }

  /** Makes a verification the one that serves, with these items. */
  private async serve(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    next: { items: CatalogueItem[]; stale: Set<string> },
  ): Promise<void> {
    gateway.blocks = await replaceCatalogue(em, gateway.id, next.items, next.stale);
    em.assign(gateway, {
      servingVid: verification.id,
      currentRevision: verification.configRevision,
      lastAppliedAttempt: verification.attempt,
      pendingRevision: gateway.pendingRevision === verification.configRevision ? null : gateway.pendingRevision,
      updatedAt: new Date(),
    });
    sealGateway(this.trust.rowsMac(), gateway);
    await em.flush();
    await this.publisher.publishServersOf(em, gateway.id);
  }
}

/** Why a result waits for a review, if it does. A catalogue that serves already was reviewed, or needs no review. */
async function reviewReason(
  em: EntityManager,
  { drift, servingVid, reviewVid }: Gateway,
  { warnings, digest }: Verification,
  diff: CatalogueDiff,
): Promise<ReviewReason | undefined> {
  const serving = typeof servingVid === 'string' ? await em.findOne(Verification, { id: servingVid }) : null;
  const isServed = serving !== null && serving.digest === digest && reviewVid !== servingVid;
  if (!isServed && warnings?.some(({ code }) => code === 'hidden_text')) return 'hidden_text';
  return drift === 'review' && serving !== null && isDrift(diff) ? 'drift' : undefined;
}

/** Ends the review that waits, if one does: it is carried out, or a newer result takes its place. */
async function endReview(em: EntityManager, gateway: Gateway): Promise<void> {
  const { reviewVid } = gateway;
  if (typeof reviewVid !== 'string') return;
  await em.nativeDelete(StagedPart, { vid: reviewVid });
  const ended = await em.findOne(Verification, { id: reviewVid });
  if (ended !== null) ended.review = null;
  gateway.reviewVid = null;
}

/** Whether it is for the current or pending configuration, and newer than the last applied one. */
export function isWanted(gateway: Gateway, { configRevision, attempt }: Verification): boolean {
  const isKnown = configRevision === gateway.currentRevision || configRevision === gateway.pendingRevision;
  return isKnown && attempt > gateway.lastAppliedAttempt;
}

function isDigestOf(event: GatewayVerified, items: CatalogueItem[]): boolean {
  try {
    return catalogueDigest(event.facts, items) === event.digest;
  } catch (error) {
    if (error instanceof SealingError) return false;
    throw error;
  }
}

function recordOutcome(
  em: EntityManager,
  verification: Verification,
  event: GatewayVerified,
  unstorable: SkippedItem[],
): void {
  const skipped = [...event.skipped, ...unstorable];
  em.assign(verification, {
    state: 'verified',
    code: null,
    requests: event.requests,
    digest: event.digest,
    receipt: event.receipt,
    startedAt: new Date(event.startedAt),
    finishedAt: new Date(event.finishedAt),
    arrived: null,
  });
  verification.facts = event.facts;
  verification.counts = { ...event.counts, skipped: skipped.length };
  verification.skipped = skipped;
  verification.warnings = event.warnings;
}
