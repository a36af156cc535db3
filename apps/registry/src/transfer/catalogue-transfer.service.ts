import type { OrderSubject, ReceiptClaims } from '@lethe/contracts';
import { Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { REGISTRY } from '../audit/trail/actor.js';
import { requestScope } from '../audit/trail/request-scope.js';
import { StoredItem } from '../catalogue/catalogue-item.entity.js';
import type { ServedCatalogue } from '../catalogue/review.js';
import { itemKey } from '@lethe/contracts';
import { configOf } from '../gateways/gateway-rows.js';
import { requireGenuineGateway } from '../gateways/gateway-seal.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { PublishableGateways } from '../publishing/publishable-gateways.service.js';
import { CatalogueApplier } from '../verifications/catalogue-applier.service.js';
import { ReceiptHighWaterMarks } from '../verifications/receipt-high-water-marks.service.js';
import { isSameOrder, orderSubject } from '../verifications/verification-order.js';
import { Verification } from '../verifications/verification.entity.js';
import { type CatalogueFindings, catalogueTexts, isSealed, readCatalogue, withSeal } from './catalogue-seal.js';
import type { CatalogueDto } from './import.dto.js';

/** Why a catalogue of a document does not serve. */
export const CATALOGUE_REASONS = [
  'receipt_untrusted',
  'catalogue_changed',
  'receipt_older',
  'other_gateway',
  'other_configuration',
] as const;
/** One of `CATALOGUE_REASONS`. */
export type CatalogueReason = (typeof CATALOGUE_REASONS)[number];

/** A catalogue whose receipt and seal are genuine. */
export interface ProvenCatalogue {
  order: OrderSubject;
  claims: ReceiptClaims;
  tlsCa: string | null;
  receipt: string;
  findings: CatalogueFindings;
  served: ServedCatalogue;
}

/** Exports verified catalogues with their receipts, and serves those that were exported with the same trust keys. */
@Injectable()
export class CatalogueTransfer {
  constructor(
    private readonly trust: Trust,
    private readonly publishable: PublishableGateways,
    private readonly marks: ReceiptHighWaterMarks,
    private readonly applier: CatalogueApplier,
  ) {}

  /** What of a gateway serves; undefined if nothing may be published of it. */
  async exportOf(em: EntityManager, gatewayId: string): Promise<CatalogueDto | undefined> {
    const found = await this.publishable.load(em, gatewayId);
    if (typeof found === 'string') return undefined;
    const { gateway, config, verification, items } = found;
    const { facts, counts, skipped, warnings, receipt } = verification;
    if (!facts || !counts || typeof receipt !== 'string') return undefined;
    const stale = new Set((await em.find(StoredItem, { gatewayId, stale: true })).map(itemKey));
    const findings = { facts, counts, skipped: skipped ?? [], warnings: warnings ?? [] };
    const { tlsCa } = config;
    const texts = catalogueTexts(findings, { items, stale });
    const catalogue = { receipt, ...(typeof tlsCa === 'string' && { tlsCa }), ...texts };
    return withSeal(this.trust.rowsMac(), gateway.slug, catalogue);
  }

  /** Checks a catalogue of a document, or says why it can't serve here. */
  async prove(slug: string, catalogue: CatalogueDto): Promise<ProvenCatalogue | CatalogueReason> {
    const { receipt, tlsCa = null } = catalogue;
    const claims = await this.marks.readReceipt(receipt);
    if (claims === undefined) return 'receipt_untrusted';
    const read = isSealed(this.trust.rowsMac(), slug, catalogue) ? readCatalogue(catalogue) : undefined;
    if (read === undefined || claims.outcome !== 'verified' || claims.order.slug !== slug) return 'catalogue_changed';
    // Whoever imports an old document must not bring back what a later verification has replaced.
    if (!this.marks.isNewest(claims.order.gatewayId, claims)) return 'receipt_older';
    return { order: claims.order, claims, tlsCa, receipt, ...read };
  }

  /**
   * Makes a proven catalogue the one that serves, unless the gateway serves a newer one or another configuration.
   * @returns whether it serves now, has served already, or why it can't
   */
  async serve(
    em: EntityManager,
    slug: string,
    proven: ProvenCatalogue,
  ): Promise<CatalogueReason | 'served' | 'unchanged'> {
    const { order, tlsCa } = proven;
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
    const gateway = await em.findOneOrFail(Gateway, { slug, deletedAt: null }, lock);
    if (gateway.id !== order.gatewayId) return 'other_gateway';
    if (gateway.servingVid === order.vid) return 'unchanged';
    if (order.attempt <= Math.max(gateway.lastAppliedAttempt, gateway.lastAttempt)) return 'receipt_older';
    requireGenuineGateway(this.trust.rowsMac(), gateway);
    const isKnown = [gateway.currentRevision, gateway.pendingRevision].includes(order.configRevision);
    const config = isKnown ? await configOf(em, gateway, order.configRevision) : undefined;
    const same = config && isSameOrder(order, orderSubject({ id: order.vid, attempt: order.attempt }, slug, config));
    if (same !== true || (config?.tlsCa ?? null) !== tlsCa) return 'other_configuration';
    const verification = em.create(Verification, verificationOf(proven));
    gateway.lastAttempt = order.attempt;
    await this.applier.restore(em, gateway, verification, proven.served);
    return 'served';
  }
}

/** The record of the verification that another registry has made. */
function verificationOf({ order, claims, receipt, findings }: ProvenCatalogue) {
  const actor = requestScope()?.actor ?? REGISTRY;
  const now = new Date();
  const { facts, counts, skipped, warnings } = findings;
  return {
    id: order.vid,
    gatewayId: order.gatewayId,
    configRevision: order.configRevision,
    attempt: order.attempt,
    state: 'verified' as const,
    administrator: actor.id,
    openedBy: actor,
    connector: claims.connector,
    slot: claims.slot,
    deadline: now,
    startedAt: new Date(claims.startedAt),
    finishedAt: new Date(claims.finishedAt),
    requests: claims.requests,
    digest: claims.digest ?? null,
    ...{ receipt, facts, counts, skipped, warnings },
    reviewVersion: 0,
    createdAt: now,
  };
}
