import { randomUUID } from 'node:crypto';
import { MAX_RESERVED_PER_ADMINISTRATOR, type SlotOfferClaims } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { LetheError, nowSeconds, Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { requestScope } from '../audit/trail/request-scope.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { filteredGateway } from '../gateways/gateway-filter.js';
import { configOf, findGateway, lockGateway, wantedRevision } from '../gateways/gateway-rows.js';
import { requireGenuineConfig, requireGenuineGateway } from '../gateways/gateway-seal.js';
import { allOf, ifGiven, where } from '../rest/filters.js';
import type { Page } from '../rest/paging.js';
import { NewestReceiptCheck } from './newest-receipt.service.js';
import {
  ATTEMPT_ORDERS,
  type AttemptsQuery,
  inState,
  VERIFICATION_ORDERS,
  type VerificationsQuery,
} from './verification-list.dto.js';
import { type BegunVerification, orderSubject, resultTimeMs } from './verification-order.js';
import { StagedPart } from './catalogue-part.entity.js';
import { findVerification, hasEnded } from './verification-rows.js';
import { type StoredState, Verification } from './verification.entity.js';

/** The records of verifications. Each method is one transaction. */
@Injectable()
export class VerificationsService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
    private readonly receipts: NewestReceiptCheck,
  ) {}

  /**
   * Writes the record before a request is sent to a connector, so that every result finds its verification.
   * @throws LetheError `not_found`, `row_tampered`, `too_many_slots`
   */
  begin(administrator: string, ref: string, credential: 'sealed' | 'none'): Promise<BegunVerification> {
    return this.database.transaction(async (em) => {
      await refuseTooManySlots(em, administrator);
      const gateway = await lockGateway(em, ref);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      const config = await configOf(em, gateway, wantedRevision(gateway));
      requireGenuineConfig(this.trust.rowsMac(), config);
      await this.receipts.require(em, gateway);
      gateway.lastAttempt += 1;
      const verification = this.newVerification(em, gateway, administrator, credential);
      const exp = nowSeconds() + this.settings.slotTtlSeconds;
      const tlsCa = typeof config.tlsCa === 'string' ? { tlsCa: config.tlsCa } : {};
      const subject = orderSubject(verification, gateway.slug, config);
      return { verification, order: { ...subject, administrator, credential, ...tlsCa, exp } };
    });
  }

  /**
   * Stores which slot was reserved. With a door, a credential may reach the slot without the registry until the slot's
   * end.
   */
  attachSlot(vid: string, offer: SlotOfferClaims): Promise<Verification> {
    return this.database.transaction(async (em) => {
      const verification = await em.findOneOrFail(Verification, vid, { lockMode: LockMode.PESSIMISTIC_WRITE });
      verification.connector = offer.connector;
      verification.slot = offer.slot;
      verification.slotEndsAt = new Date(offer.exp * 1000);
      if (verification.state === 'awaiting_credential') {
        const marginMs = offer.doorUrl === undefined ? 0 : resultTimeMs(this.settings);
        verification.deadline = new Date(offer.exp * 1000 + marginMs);
      }
      return verification;
    });
  }

  /** Deletes a verification for which no slot was free. */
  async withdraw(vid: string): Promise<void> {
    await this.database.transaction(async (em) => {
      const verification = await em.findOne(Verification, { id: vid, receipt: null });
      if (verification !== null) em.remove(verification);
    });
  }

  /**
   * Moves a verification from awaiting to running. Of two senders of a credential only one gets `true`.
   * @throws LetheError `not_found`
   */
  claim(ref: string, vid: string): Promise<{ verification: Verification; isClaimed: boolean }> {
    return this.database.transaction(async (em) => {
      const gateway = await findGateway(em, ref);
      const verification = await findVerification(em, gateway.id, vid, LockMode.PESSIMISTIC_WRITE);
      const isClaimed = verification.state === 'awaiting_credential' && verification.deadline.getTime() > Date.now();
      if (isClaimed) {
        verification.state = 'running';
        verification.startedAt = new Date();
        verification.deadline = new Date(Date.now() + resultTimeMs(this.settings));
      }
      return { verification, isClaimed };
    });
  }

  /**
   * Ends a verification as cancelled. One that has ended stays as it is.
   * @throws LetheError `not_found`
   */
  cancel(ref: string, vid: string): Promise<Verification> {
    return this.database.transaction(async (em) => {
      const gateway = await findGateway(em, ref);
      const verification = await findVerification(em, gateway.id, vid, LockMode.PESSIMISTIC_WRITE);
      if (hasEnded(verification)) return verification;
      em.assign(verification, { state: 'failed', code: 'cancelled', finishedAt: new Date(), arrived: null });
      await em.nativeDelete(StagedPart, { vid: verification.id });
      return verification;
    });
  }

  /**
   * Ends a claimed verification whose credential was not used, or makes it await one again. A result that arrived first
   * stays.
   */
  async resolveClaim(vid: string, state: StoredState, code?: string): Promise<void> {
    await this.database.transaction(async (em) => {
      const verification = await em.findOneOrFail(Verification, vid, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (verification.state !== 'running') return;
      verification.state = state;
      verification.code = code ?? null;
      if (state === 'awaiting_credential') verification.startedAt = null;
      else verification.finishedAt = new Date();
    });
  }

  /** @throws LetheError `not_found` */
  find(ref: string, vid: string): Promise<Verification> {
    return this.database.read(async (em) => findVerification(em, (await findGateway(em, ref)).id, vid));
  }

  /** Those of a gateway. @throws LetheError `not_found` */
  list(ref: string, query: AttemptsQuery): Promise<Page<Verification>> {
    const { after, options } = ATTEMPT_ORDERS.pageOf(query);
    return this.database.read(async (em) => {
      const { id: gatewayId } = await findGateway(em, ref);
      const rows = await em.find(Verification, allOf({ gatewayId }, after, inState(query.state)), options);
      return ATTEMPT_ORDERS.toPage(rows, query, (row) => row);
    });
  }

  /** Those of all gateways that are not deleted. @throws LetheError `invalid_request` for a gateway that does not exist */
  listAll(query: VerificationsQuery): Promise<Page<Verification>> {
    const { after, options } = VERIFICATION_ORDERS.pageOf(query);
    const exists = where((v) => `exists (select from gateway g where g.id = ${v}.gateway_id and g.deleted_at is null)`);
    return this.database.read(async (em) => {
      const ofGateway = ifGiven(await filteredGateway(em, query.gateway), (gatewayId) => ({ gatewayId }));
      const rows = await em.find(Verification, allOf(exists, after, ofGateway, inState(query.state)), options);
      return VERIFICATION_ORDERS.toPage(rows, query, (row) => row);
    });
  }

  private newVerification(
    em: EntityManager,
    gateway: Gateway,
    administrator: string,
    credential: 'sealed' | 'none',
  ): Verification {
    const now = new Date();
    const isRunning = credential === 'none';
    const lifeMs = this.settings.slotTtlSeconds * 1000 + (isRunning ? resultTimeMs(this.settings) : 0);
    return em.create(Verification, {
      id: randomUUID(),
      gatewayId: gateway.id,
      configRevision: wantedRevision(gateway),
      attempt: gateway.lastAttempt,
      administrator,
      openedBy: requestScope()?.actor ?? null,
      state: isRunning ? 'running' : 'awaiting_credential',
      deadline: new Date(now.getTime() + lifeMs),
      slotEndsAt: new Date(now.getTime() + this.settings.slotTtlSeconds * 1000),
      createdAt: now,
      startedAt: isRunning ? now : null,
      reviewVersion: 0,
    });
  }
}

/**
 * Slots are few, so each administrator may reserve only some at a time. The lock serialises the requests of one
 * administrator.
 */
async function refuseTooManySlots(em: EntityManager, administrator: string): Promise<void> {
  await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [administrator]);
  const now = new Date();
  const isWaiting = { state: 'awaiting_credential' as const, deadline: { $gt: now } };
  const rows = await em.find(Verification, { administrator, ...isWaiting });
  // With a door the record waits longer, for the result of a credential that came by it.
  const waiting = rows
    .map(({ id, gatewayId, slotEndsAt, deadline }) => ({ id, gatewayId, endsAt: slotEndsAt ?? deadline }))
    .filter(({ endsAt }) => endsAt > now)
    .toSorted((a, b) => a.endsAt.getTime() - b.endsAt.getTime());
  if (waiting.length < MAX_RESERVED_PER_ADMINISTRATOR) return;
  // One more may begin when so many have ended that fewer than the limit are left.
  const next = waiting[waiting.length - MAX_RESERVED_PER_ADMINISTRATOR]?.endsAt ?? now;
  const retryAfterSeconds = Math.max(1, Math.ceil((next.getTime() - now.getTime()) / 1000));
  const cancel = waiting.map(({ id, gatewayId }) => `/v1/gateways/${gatewayId}/verifications/${id}/cancel`);
  throw new LetheError('too_many_slots', { retryAfterSeconds, cancel });
}
