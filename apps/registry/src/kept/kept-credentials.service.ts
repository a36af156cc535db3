import { BUCKETS, type KeptTarget } from '@lethe/contracts';
import { Database, lockPublishing, publishedRevision } from '@lethe/persistence';
import { LetheError, Settings } from '@lethe/platform';
import {
  checkKept,
  type KeptHeader,
  KEPT_OFFER_SECONDS,
  type KeptIdentity,
  readKept,
  SealingError,
  targetDigest,
  Trust,
} from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { actorOf } from '../admins/admin-identity.js';
import type { Actor } from '../audit/trail/actor.js';
import { GatewayDetailsQuery } from '../gateways/gateway-details.service.js';
import { GatewayPublisher } from '../gateways/gateway-publisher.js';
import { configOf, findGateway, lockGateway } from '../gateways/gateway-rows.js';
import { requireGenuineConfig, requireGenuineGateway } from '../gateways/gateway-seal.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { KeptCredential } from '../gateways/kept-credential.entity.js';
import { deleteKept, isKeptGenuine, publishKept, sealKeptRow } from '../gateways/kept-rows.js';
import { toKeptView } from '../gateways/kept.view.js';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { requireMatch } from '../rest/etag.js';
import { type ForgottenView, toForgotten } from './forgotten.view.js';
import { rowTampered, TamperedRow } from '../rows/tampered-row.js';
import type { KeptCredentialView, KeptOfferView, NoOfferReason } from './kept-offer.view.js';

/** Credentials that proxies keep, which the registry stores and passes on as ciphertext. Each method is one transaction. */
@Injectable()
export class KeptCredentials {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
    private readonly details: GatewayDetailsQuery,
    private readonly publisher: GatewayPublisher,
    private readonly proxies: LiveProxies,
  ) {}

  /** @throws LetheError `not_found`, `row_tampered` */
  find(ref: string): Promise<KeptCredentialView> {
    return this.database.read(async (em) => {
      const gateway = await findGateway(em, ref);
      const { kept } = await this.details.loadOne(em, gateway);
      const refused = this.refusal(gateway) ?? null;
      const row = await em.findOne(KeptCredential, { gatewayId: gateway.id });
      return {
        kept: kept === undefined ? null : toKeptView(gateway, kept, new Date()),
        forgotten: await this.forgotten(row),
        proxies: await this.servingProxies(em, gateway),
        next: refused === null ? await this.offer(em, gateway) : null,
        refused,
      };
    });
  }

  /**
   * Stores a ciphertext in the place of the one before, and publishes it.
   * @throws LetheError `not_found`, `row_tampered`, `keeping_off`, `kept_key_missing`, `gateway_unverified`, `kept_refused`,
   * `precondition_failed`
   */
  keep(by: Actor, ref: string, sealed: string, ifMatch?: string): Promise<GatewayDetails> {
    if (!this.settings.keptCredentials) throw new LetheError('keeping_off');
    const header = refusing(() => readKept(sealed));
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      const refused = this.refusal(gateway);
      if (refused) throw new LetheError(refused);
      await this.requireFit(em, gateway, header);
      const row = await this.store(em, gateway, { by, sealed, header });
      await publishKept(em, this.trust, row);
      return this.published(em, gateway);
    });
  }

  /**
   * Deletes the ciphertext, here and at the proxies, and gives a receipt. Nothing changes where there is none.
   * @throws LetheError `not_found`, `precondition_failed`
   */
  forget(ref: string, ifMatch?: string): Promise<ForgottenView | null> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      if (await deleteKept(em, this.trust, gateway.id)) await this.published(em, gateway);
      return this.forgotten(await em.findOne(KeptCredential, { gatewayId: gateway.id }));
    });
  }

  /** A row that somebody else changed is no deletion of ours. */
  private forgotten(row: KeptCredential | null): Promise<ForgottenView | null> {
    return toForgotten(row && isKeptGenuine(this.trust.rowsMac(), row) ? row : null, this.trust);
  }

  private async servingProxies(em: EntityManager, { id: key }: Gateway): Promise<KeptCredentialView['proxies']> {
    const revision = await publishedRevision(em, BUCKETS.kept, key);
    if (revision === undefined) return [];
    const serving = this.proxies.serving({ bucket: BUCKETS.kept, key, revision });
    return serving.map(({ host, revision: own }) => ({ host, isCurrent: own !== undefined && own >= revision }));
  }

  /** Publishes the virtual servers of the gateway; their manifests say whether a credential is kept. */
  private async published(em: EntityManager, gateway: Gateway): Promise<GatewayDetails> {
    em.assign(gateway, { version: gateway.version + 1, updatedAt: new Date() });
    await em.flush();
    await this.publisher.publishServersOf(em, gateway.id);
    return this.details.loadOne(em, gateway);
  }

  private async store(
    em: EntityManager,
    { id: gatewayId }: Gateway,
    { by, sealed, header }: { by: Actor; sealed: string; header: KeptHeader },
  ): Promise<KeptCredential> {
    const content = {
      ...{ sealed, keptRevision: header.keptRevision, configRevision: header.configRevision },
      ...{ expiresAt: new Date(header.exp * 1_000), keptAt: new Date() },
      keptBy: actorOf(by),
    };
    const known = await em.findOne(KeptCredential, { gatewayId });
    const row = known ? em.assign(known, content) : em.create(KeptCredential, { gatewayId, ...content, mac: '' });
    sealKeptRow(this.trust.rowsMac(), row);
    await em.flush();
    return row;
  }

  /** Whether a ciphertext says that it is for this gateway as it is now. Only a proxy can tell whether it is. */
  private async requireFit(em: EntityManager, gateway: Gateway, header: KeptHeader): Promise<void> {
    const expected = { ...(await this.targetOf(em, gateway)), keptRevision: await this.nextRevisionOf(em, gateway) };
    refusing(() => checkKept(header, expected, new Date()));
    if (header.kid !== this.trust.keptIdentity()?.kid)
      throw new LetheError('kept_refused', { reason: 'kept_key_unknown', member: 'kid' });
  }

  private refusal({ currentRevision }: Gateway): NoOfferReason | undefined {
    if (!this.settings.keptCredentials) return 'keeping_off';
    if (!this.trust.keptIdentity()) return 'kept_key_missing';
    return typeof currentRevision === 'number' ? undefined : 'gateway_unverified';
  }

  private async offer(em: EntityManager, gateway: Gateway): Promise<KeptOfferView | null> {
    const key: KeptIdentity | undefined = this.trust.keptIdentity();
    if (key === undefined) return null;
    const { kid, jwk, fingerprint } = key;
    const now = new Date();
    const keptRevision = await this.nextRevisionOf(em, gateway);
    const exp = Math.floor(now.getTime() / 1_000) + KEPT_OFFER_SECONDS;
    const claims = { ...(await this.targetOf(em, gateway)), keptRevision, kid, jwk, exp };
    const offer = await this.trust.registrySigner().sign('keptOffer', claims, now);
    return { offer, fingerprint, registry: this.trust.identities('registry') };
  }

  /** What serves now. A row that somebody else changed is not signed over. */
  private async targetOf(em: EntityManager, gateway: Gateway): Promise<KeptTarget> {
    requireGenuineGateway(this.trust.rowsMac(), gateway);
    const { currentRevision } = gateway;
    if (typeof currentRevision !== 'number') throw new LetheError('gateway_unverified');
    const config = await configOf(em, gateway, currentRevision);
    requireGenuineConfig(this.trust.rowsMac(), config);
    return {
      ...{ gatewayId: gateway.id, url: config.url, configRevision: config.revision },
      digest: targetDigest({ mappings: config.mappings, tlsCa: config.tlsCa }),
    };
  }

  private async nextRevisionOf(em: EntityManager, { id: gatewayId }: Gateway): Promise<number> {
    const row = await em.findOne(KeptCredential, { gatewayId });
    if (row && !isKeptGenuine(this.trust.rowsMac(), row)) {
      throw rowTampered(new TamperedRow('kept_credential', gatewayId));
    }
    return (row?.keptRevision ?? 0) + 1;
  }
}

/** Runs a check of the sealing; its failure names the member of the header that is wrong. */
function refusing<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof SealingError)) throw error;
    throw new LetheError('kept_refused', { reason: error.code, ...(error.subject && { member: error.subject }) });
  }
}
