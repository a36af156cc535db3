import {
  type CataloguePart,
  failureFacts,
  type GatewayVerificationFailed,
  type GatewayVerified,
  type ReceiptClaims,
} from '@lethe/contracts';
import { Database, lockPublishing } from '@lethe/persistence';
import { type Stamped, Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateways/gateway-config.entity.js';
import { isConfigGenuine, isGatewayGenuine } from '../gateways/gateway-seal.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { ReceiptHighWaterMarks } from './receipt-high-water-marks.service.js';
import { CatalogueApplier } from './catalogue-applier.service.js';
import { StagedPart } from './catalogue-part.entity.js';
import { agreesWithReceipt, failureAgreesWithReceipt, receiptProblem, type ResultProblem } from './receipt-checks.js';
import { RefusedResultsLog } from './refused-results-log.service.js';
import { VerificationChanges } from './verification-changes.service.js';
import { stagePart } from './staged-parts.js';
import { orderSubject } from './verification-order.js';
import { lockVerification } from './verification-rows.js';
import type { Verification } from './verification.entity.js';

type Receipt = ReceiptClaims & Stamped;

/**
 * Applies the results that connectors report. A result must agree with a connector's receipt, belong to the current or
 * pending configuration and be newer than the last applied one. Any other result changes nothing.
 */
@Injectable()
export class HandshakeResultsService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly applier: CatalogueApplier,
    private readonly log: RefusedResultsLog,
    private readonly marks: ReceiptHighWaterMarks,
    private readonly changes: VerificationChanges,
  ) {}

  /** Stores a part until its catalogue is complete. Applies the catalogue if this was the last missing part. */
  async stage(part: CataloguePart): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockUndeleted(em, part.gatewayId);
      const verification = gateway && (await lockVerification(em, part));
      if (!verification) return this.log.refuse(part.vid, 'verification_unknown');
      if (verification.receipt || isCancelled(verification)) return;
      await stagePart(em, part);
      if (verification.arrived) await this.apply(em, gateway, verification, verification.arrived);
    });
    this.changes.announce(part.vid);
  }

  /** Applies a catalogue in one transaction, now or when its last part arrives. */
  async verified(event: GatewayVerified): Promise<void> {
    const receipt = await this.marks.readReceipt(event.receipt);
    if (!receipt || !agreesWithReceipt(event, receipt)) {
      return this.log.refuse(event.vid, receipt ? 'receipt_differs' : 'receipt_invalid');
    }
    await this.database.transaction(async (em) => {
      const found = await this.admit(em, event, receipt);
      if (found) await this.apply(em, found.gateway, found.verification, event);
    });
    this.changes.announce(event.vid);
  }

  /** Ends a verification as failed. The gateway stays unchanged. */
  async failed(event: GatewayVerificationFailed): Promise<void> {
    const receipt = await this.marks.readReceipt(event.receipt);
    if (!receipt || !failureAgreesWithReceipt(event, receipt)) {
      return this.log.refuse(event.vid, receipt ? 'receipt_differs' : 'receipt_invalid');
    }
    await this.database.transaction(async (em) => {
      const found = await this.admit(em, event, receipt);
      if (!found) return;
      const { httpStatus, scheme, pointer, requests, receipt: signed } = event;
      em.assign(found.verification, {
        state: 'failed',
        // It may have failed by itself at the moment when somebody cancelled it.
        code: isCancelled(found.verification) ? 'cancelled' : event.code,
        httpStatus: httpStatus ?? null,
        scheme: scheme ?? null,
        failure: toldFacts(event),
        pointer: pointer ?? null,
        requests,
        startedAt: new Date(event.startedAt),
        finishedAt: new Date(event.finishedAt),
        receipt: signed,
        arrived: null,
      });
      await em.nativeDelete(StagedPart, { vid: event.vid });
    });
    this.changes.announce(event.vid);
  }

  /** Locks and returns the rows that the event may change; undefined when it may change none. */
  private async admit(
    em: EntityManager,
    event: GatewayVerified | GatewayVerificationFailed,
    receipt: Receipt,
  ): Promise<{ gateway: Gateway; verification: Verification } | undefined> {
    await lockPublishing(em);
    const gateway = await lockUndeleted(em, event.gatewayId);
    const verification = gateway && (await lockVerification(em, event));
    const problem = verification
      ? await this.problemOf(em, gateway, verification, event, receipt)
      : ('verification_unknown' as const);
    if (verification && problem === undefined) return { gateway, verification };
    this.log.refuse(event.vid, problem ?? 'verification_unknown');
    return undefined;
  }

  private async problemOf(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    event: GatewayVerified | GatewayVerificationFailed,
    receipt: Receipt,
  ): Promise<ResultProblem | undefined> {
    if (verification.receipt) return 'already_ended';
    if (isCancelled(verification) && receipt.outcome === 'verified') return 'cancelled';
    if (event.attempt !== verification.attempt || event.configRevision !== verification.configRevision) {
      return 'order_differs';
    }
    const config = await em.findOne(GatewayConfig, { gatewayId: gateway.id, revision: verification.configRevision });
    const rows = this.trust.rowsMac();
    if (!config || !isConfigGenuine(rows, config) || !isGatewayGenuine(rows, gateway)) return 'row_tampered';
    if (receipt.outcome === 'verified' && !this.marks.allows(gateway.id, receipt)) return 'receipt_older';
    return receiptProblem(receipt, verification, orderSubject(verification, gateway.slug, config));
  }

  private async apply(
    em: EntityManager,
    gateway: Gateway,
    verification: Verification,
    event: GatewayVerified,
  ): Promise<void> {
    const outcome = await this.applier.apply(em, gateway, verification, event);
    if (outcome !== undefined) this.log.refuse(event.vid, outcome);
  }
}

function isCancelled({ state, code }: Verification): boolean {
  return state === 'failed' && code === 'cancelled';
}

async function lockUndeleted(em: EntityManager, id: string): Promise<Gateway | undefined> {
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
  return (await em.findOne(Gateway, { id, deletedAt: null }, lock)) ?? undefined;
}

/** What the verification shows of a failure: the facts in the receipt, and what the upstream's challenge asks for. */
function toldFacts(event: GatewayVerificationFailed): Verification['failure'] {
  const facts = failureFacts(event);
  return event.wantsProof ? { ...facts, wantsProof: true } : (facts ?? null);
}
