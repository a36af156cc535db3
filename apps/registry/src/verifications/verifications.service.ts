import { randomUUID } from 'node:crypto';
import { MAX_LENT_PER_ADMINISTRATOR, type SlotOfferClaims } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { LetheError, Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Admin } from '../admins/admin.entity.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { configOf, findGateway, lockGateway, wantedRevision } from '../gateways/gateway-rows.js';
import { requireGenuineConfig, requireGenuineGateway } from '../gateways/gateway-seal.js';
import { limitOf, type PageQuery, positionOf } from '../rest/paging.js';
import { ServedGateways } from '../routes/served-gateway.js';
import { type Begun, orderSubject, resultMarginMs } from './verification-order.js';
import { findVerification } from './verification-rows.js';
import { Verification, type VerificationState } from './verification.entity.js';

/** The records of handshakes: begin, lend, run, end. Each method is one transaction. */
@Injectable()
export class VerificationsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Trust) private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
    @Inject(ServedGateways) private readonly served: ServedGateways,
  ) {}

  /** Writes the record before anybody is asked, so that no result meets an unknown verification. */
  begin(administrator: string, ref: string, credential: 'sealed' | 'none'): Promise<Begun> {
    return this.database.transaction(async (em) => {
      await refuseTooManyLent(em, administrator);
      const gateway = await lockGateway(em, ref);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      const config = await configOf(em, gateway, wantedRevision(gateway));
      requireGenuineConfig(this.trust.rowsMac(), config);
      await this.served.requireNewest(em, gateway);
      gateway.lastAttempt += 1;
      const verification = this.newVerification(em, gateway, administrator, credential);
      const exp = Math.floor(Date.now() / 1000) + this.settings.slotTtlSeconds;
      const tlsCa = typeof config.tlsCa === 'string' ? { tlsCa: config.tlsCa } : {};
      const subject = orderSubject(verification, gateway.slug, config);
      return { verification, order: { ...subject, administrator, credential, ...tlsCa, exp } };
    });
  }

  /** Notes which slot was lent. With the door open a credential may reach it unseen until the slot's end. */
  attachSlot(vid: string, offer: SlotOfferClaims): Promise<Verification> {
    return this.database.transaction(async (em) => {
      const verification = await em.findOneOrFail(Verification, vid, { lockMode: LockMode.PESSIMISTIC_WRITE });
      verification.connector = offer.connector;
      verification.slot = offer.slot;
      if (verification.state === 'awaiting_credential') {
        const marginMs = offer.doorUrl === undefined ? 0 : resultMarginMs(this.settings.handshakeTimeoutMs);
        verification.deadline = new Date(offer.exp * 1000 + marginMs);
      }
      return verification;
    });
  }

  /** Takes back a verification for which there was no slot. */
  async withdraw(vid: string): Promise<void> {
    await this.database.transaction((em) => em.nativeDelete(Verification, { id: vid, receipt: null }));
  }

  /**
   * The one step from awaiting to running: of two senders of a credential one gets `true`.
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
        verification.deadline = new Date(Date.now() + resultMarginMs(this.settings.handshakeTimeoutMs));
      }
      return { verification, isClaimed };
    });
  }

  /** Ends, or gives back, a claimed verification whose credential did not get to work; a result that came first stays. */
  async settle(vid: string, state: VerificationState, code?: string): Promise<void> {
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

  /** Newest first. */
  list(ref: string, query: PageQuery): Promise<Verification[]> {
    const [attempt] = positionOf(query, 1) ?? [];
    return this.database.read(async (em) => {
      const { id: gatewayId } = await findGateway(em, ref);
      const before = attempt === undefined ? {} : { attempt: { $lt: Number(attempt) || 0 } };
      return em.find(
        Verification,
        { gatewayId, ...before },
        { orderBy: { attempt: 'desc' }, limit: limitOf(query) + 1 },
      );
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
    const lifeMs =
      this.settings.slotTtlSeconds * 1000 + (isRunning ? resultMarginMs(this.settings.handshakeTimeoutMs) : 0);
    return em.create(Verification, {
      ...{ id: randomUUID(), gatewayId: gateway.id, configRevision: wantedRevision(gateway) },
      ...{ attempt: gateway.lastAttempt, administrator, state: isRunning ? 'running' : 'awaiting_credential' },
      ...{ deadline: new Date(now.getTime() + lifeMs), createdAt: now, startedAt: isRunning ? now : null },
    });
  }
}

/** Lent slots are few: a person uses or awaits the ones he has. Counts in turn with the same administrator's others. */
async function refuseTooManyLent(em: EntityManager, administrator: string): Promise<void> {
  await em.findOne(Admin, { id: administrator }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const isLent = { state: 'awaiting_credential' as const, deadline: { $gt: new Date() } };
  const lent = await em.count(Verification, { administrator, ...isLent });
  if (lent >= MAX_LENT_PER_ADMINISTRATOR) throw new LetheError('too_many_slots');
}
