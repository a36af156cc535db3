import type { CatalogueItem, GatewayVerified, SkippedItem, UpstreamFacts, VerificationWarning } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { catalogueDigest, SealingError, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { isGatewayGenuine, sealGateway } from '../gateways/gateway-seal.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { itemsOf, replaceCatalogue, storableItems } from '../catalogue/catalogue-store.js';
import { itemChanges, toDiff } from '../catalogue/catalogue-diff.js';
import { changeKey, type ItemChange } from '../catalogue/item-content.js';
import { acceptedCatalogue, type ServedCatalogue } from '../catalogue/review.js';
import { recordChanges, rejectedDigests, supersedePending } from '../changes/change-records.js';
import { decideChanges } from '../changes/decide-changes.js';
import { SERVER_NAME, serverChange } from '../changes/server-content.js';
import { GatewayPublisher } from '../gateways/gateway-publisher.js';
import { StagedPart } from './catalogue-part.entity.js';
import type { ResultProblem } from './receipt-checks.js';
import { stagePart, wholeCatalogue } from './staged-parts.js';
import { Verification } from './verification.entity.js';

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
    await this.replace(em, gateway, verification, { items, kept }, event);
    return undefined;
  }

  /**
   * Serves what an administrator has accepted of a reviewed result. The result becomes the one that serves, unless what its
   * upstream says of itself is not accepted.
   * @throws LetheError `server_waits` when nothing serves yet, and nothing can without that
   */
  async serveReviewed(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    review: { items: CatalogueItem[]; accepted: ReadonlySet<string>; isServerAccepted: boolean },
  ): Promise<void> {
    const before = await itemsOf(em, gateway.id);
    const next = acceptedCatalogue(before, storableItems(review.items).kept, (key) => review.accepted.has(key));
    if (review.isServerAccepted) return this.serve(em, gateway, verification, next);
    if (typeof gateway.servingVid !== 'string') throw new LetheError('server_waits');
    return this.serveItems(em, gateway, next);
  }

  /** Serves what a verification of before has found, which somebody else has proven. */
  restore(em: EntityManager, gateway: Gateway, verification: Verification, served: ServedCatalogue): Promise<void> {
    return this.serve(em, gateway, verification, served);
  }

  private async replace(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    { items: all, kept: items }: { items: CatalogueItem[]; kept: CatalogueItem[] },
    event: GatewayVerified,
  ): Promise<void> {
    const { servingVid } = gateway;
    const before = await itemsOf(em, gateway.id);
    const found = await changesSince(em, servingVid, before, { facts: event.facts, items });
    verification.diff = toDiff(found);
    verification.baseVid = servingVid ?? null;
    const rejected = await rejectedDigests(em, gateway.id);
    const hiding = hidingKeys(event.warnings ?? [], all);
    const rules = { serves: typeof servingVid === 'string', drift: gateway.drift, rejected, hiding };
    const { changes, review } = decideChanges(found, rules);
    await endReview(em, gateway);
    await recordChanges(em, gateway.id, verification.id, changes);
    gateway.driftSuspectedAt = null;
    gateway.driftSuspectedBy = null;
    verification.review = review ?? null;
    if (changes.some(({ status }) => status !== 'served')) {
      // Also for rejected ones: they can still be applied.
      await stagePart(em, { vid: event.vid, n: event.parts, items: event.items });
      gateway.reviewVid = verification.id;
    } else await em.nativeDelete(StagedPart, { vid: verification.id });
    // Of a result that hides something nothing is served, not even its facts.
    if (review === 'hidden_text') return em.flush();
    const served = new Set(changes.filter(({ status }) => status === 'served').map(changeKey));
    const next = acceptedCatalogue(before, items, (key) => served.has(key));
    const isServerAccepted = changes.every(({ kind, status }) => kind !== 'server' || status === 'served');
    if (isServerAccepted) return this.serve(em, gateway, verification, next);
    if (typeof servingVid === 'string') return this.serveItems(em, gateway, next);
    return em.flush();
  }

  /** Makes a verification the one that serves, with these items. */
  private async serve(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    next: ServedCatalogue,
  ): Promise<void> {
    em.assign(gateway, {
      servingVid: verification.id,
      currentRevision: verification.configRevision,
      lastAppliedAttempt: verification.attempt,
      pendingRevision: gateway.pendingRevision === verification.configRevision ? null : gateway.pendingRevision,
    });
    await this.serveItems(em, gateway, next);
  }

  /** Replaces the items that are served. */
  private async serveItems(em: EntityManager, gateway: Gateway, next: ServedCatalogue): Promise<void> {
    gateway.blocks = await replaceCatalogue(em, gateway.id, next.items, next.stale);
    gateway.updatedAt = new Date();
    sealGateway(this.trust.rowsMac(), gateway);
    await em.flush();
    await this.publisher.publishServersOf(em, gateway.id);
  }
}

/** What a result changes, compared with what serves. */
export async function changesSince(
  em: EntityManager,
  servingVid: string | null | undefined,
  before: CatalogueItem[],
  after: { facts: UpstreamFacts; items: CatalogueItem[] },
): Promise<ItemChange[]> {
  const serving = typeof servingVid === 'string' ? await em.findOne(Verification, { id: servingVid }) : null;
  const ofServer = serverChange(serving?.facts ?? undefined, after.facts);
  return [...(ofServer ? [ofServer] : []), ...itemChanges(before, after.items)];
}

/** The items, by their keys, of which the connector says that they hide something. */
function hidingKeys(warnings: readonly VerificationWarning[], items: readonly CatalogueItem[]): Set<string> {
  const keys = warnings.flatMap((warning) => {
    if (warning.code !== 'hidden_text') return [];
    const index = /^\/items\/(\d+)/.exec(warning.pointer)?.[1];
    const item = index === undefined ? undefined : items[Number(index)];
    return changeKey(item ?? { kind: 'server', own: SERVER_NAME });
  });
  return new Set(keys);
}

/** Ends the review that waits, if one does: a newer result takes its place. */
async function endReview(em: EntityManager, gateway: Gateway): Promise<void> {
  const { reviewVid } = gateway;
  if (typeof reviewVid !== 'string') return;
  await em.nativeDelete(StagedPart, { vid: reviewVid });
  const ended = await em.findOne(Verification, { id: reviewVid });
  if (ended !== null) ended.review = null;
  await supersedePending(em, reviewVid);
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
  verification.warnings = warningsOf(event);
}

function warningsOf({ warnings, authorizationProblem: why }: GatewayVerified): VerificationWarning[] {
  return why === undefined ? warnings : [...warnings, { code: 'authorization_unknown', why }];
}
