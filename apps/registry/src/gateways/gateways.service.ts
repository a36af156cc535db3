import { randomUUID } from 'node:crypto';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError, Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { requireMatch } from '../rest/etag.js';
import { ReadBack } from '../rest/read-back.js';
import { allOf, containsText, hasText, ifGiven } from '../rest/filters.js';
import type { Page } from '../rest/paging.js';
import { requireFreeSlug } from '../rows/free-slug.js';
import { changedConfig } from './changed-config.js';
import { addConfig, changeConfig, type ConfigContent } from './gateway-configs.js';
import { GatewayDetailsQuery } from './gateway-details.service.js';
import { GATEWAY_ORDERS, type GatewaysQuery } from './gateway-list.dto.js';
import { GatewayPublisher } from './gateway-publisher.js';
import { deletedGateway } from './deleted-gateway.js';
import { deleteRows, findGateway, lockGateway, wasVerified } from './gateway-rows.js';
import { DEFAULT_MAPPINGS, registrableMappings, registrableUrl } from './gateway-rules.js';
import { isGatewayGenuine, requireGenuineGateway, sealGateway } from './gateway-seal.js';
import { areTagsGenuine, sealTags } from './gateway-tags.js';
import { changedMetadata, registeredMetadata } from './gateway-metadata.js';
import { GatewayVerifications } from './gateway-verifications.js';
import type { ChangeGatewayDto, RegisterGatewayDto } from './gateway.dto.js';
import { Gateway } from './gateway.entity.js';
import { type GatewayDetails, toGatewayView } from './gateway.view.js';
import { deleteKept } from './kept-rows.js';

/** What a new gateway has only if an earlier one is made again: a receipt names both. */
export interface FormerGateway {
  id: string;
  revision: number;
}

/** Gateways and their configurations. Each method is one transaction. */
@Injectable()
export class GatewaysService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
    private readonly details: GatewayDetailsQuery,
    private readonly publisher: GatewayPublisher,
    private readonly verifications: GatewayVerifications,
  ) {}

  /** @throws LetheError `url_forbidden`, `mapping_forbidden`, `slug_taken` */
  async register(dto: RegisterGatewayDto, former?: FormerGateway): Promise<GatewayDetails> {
    const content = {
      url: registrableUrl(dto.url, this.settings.allowedUpstreams),
      transport: dto.transport ?? 'auto',
      mappings: registrableMappings(dto.passthroughHeaders ?? DEFAULT_MAPPINGS),
      tlsCa: dto.tlsCa ?? null,
    };
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      // Slugs of deleted gateways count as taken: a slug that callers used never comes to mean another upstream.
      const deleted = await deletedGateway(em, this.trust.rowsMac(), dto, content.url);
      if (deleted) return this.restore(em, deleted, dto, content);
      const slug = await requireFreeSlug(dto, async (wanted) => (await em.count(Gateway, { slug: wanted })) > 0);
      const { id = randomUUID(), revision = 1 } = former ?? {};
      const gateway = this.newGateway(em, dto, { id, slug, pendingRevision: revision });
      addConfig(em, this.trust.rowsMac(), id, revision, content);
      await em.flush();
      if (gateway.tags.length > 0) await this.publisher.publishServersOf(em, gateway.id);
      return this.details.loadOne(em, gateway);
    });
  }

  /** Undoes the deletion of a gateway that is registered again: it serves what it served, unless its content differs. */
  private async restore(
    em: EntityManager,
    gateway: Gateway,
    dto: RegisterGatewayDto,
    content: ConfigContent,
  ): Promise<GatewayDetails> {
    gateway.deletedAt = null;
    await changeConfig(em, this.trust.rowsMac(), gateway, content);
    em.assign(gateway, { ...registeredMetadata(dto), version: gateway.version + 1, updatedAt: new Date() });
    sealTags(this.trust.rowsMac(), gateway);
    sealGateway(this.trust.rowsMac(), gateway);
    await em.flush();
    await this.publisher.publishServersOf(em, gateway.id);
    return this.details.loadOne(em, gateway);
  }

  async list(query: GatewaysQuery): Promise<Page<GatewayDetails>> {
    const { after, options } = GATEWAY_ORDERS.pageOf(query);
    const wanted = allOf({ deletedAt: null }, after, this.filtered(query));
    return this.database.read(async (em) => {
      const { items, ...page } = GATEWAY_ORDERS.toPage(await em.find(Gateway, wanted, options), query, (row) => row);
      return { items: await this.details.load(em, items), ...page };
    });
  }

  private filtered({ state, enabled, drift, tag, q }: GatewaysQuery): object {
    return allOf(
      ifGiven(state, (value) => ({ servingVid: value === 'verified' ? { $ne: null } : null })),
      ifGiven(enabled, (value) => ({ enabled: value === 'true' })),
      ifGiven(drift, (value) => this.verifications.hasDrift(value)),
      ifGiven(tag, (value) => hasText('tags', value)),
      ifGiven(q, (value) => containsText(value, ['name', 'slug'])),
    );
  }

  /** @throws LetheError `not_found` */
  find(ref: string): Promise<GatewayDetails> {
    return this.database.read(async (em) => this.details.loadOne(em, await findGateway(em, ref)));
  }

  /** @throws LetheError `not_found`, `precondition_failed`, `url_forbidden`, `mapping_forbidden`, `row_tampered` */
  async change(
    ref: string,
    dto: ChangeGatewayDto,
    ifMatch?: string,
    readOnly = ReadBack.NONE,
  ): Promise<GatewayDetails> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      const before = await this.details.loadOne(em, gateway);
      await readOnly.requireUnchanged(gateway, () => toGatewayView(before), ifMatch);
      const { allowedUpstreams } = this.settings;
      const content = changedConfig(dto, before, { knowsPending: readOnly.has('pending'), allowedUpstreams });
      const isNewConfig = await changeConfig(em, this.trust.rowsMac(), gateway, content);
      const metadata = changedMetadata(dto, gateway);
      const areTagsSealed = dto.tags === undefined || areTagsGenuine(this.trust.rowsMac(), gateway);
      if (!isNewConfig && areTagsSealed && Object.keys(metadata).length === 0) return this.details.loadOne(em, gateway);
      em.assign(gateway, { ...metadata, version: gateway.version + 1, updatedAt: new Date() });
      if (dto.tags !== undefined) sealTags(this.trust.rowsMac(), gateway);
      sealGateway(this.trust.rowsMac(), gateway);
      await em.flush();
      await this.publisher.publishServersOf(em, gateway.id);
      return this.details.loadOne(em, gateway);
    });
  }

  /**
   * Deletes a gateway. Servers lose its items and keep their names. Its slug stays taken for every other
   * URL, unless it was never verified and no server has it: then no caller can have used the slug, and its rows go too. A row that somebody else changed can be
   * deleted but is not sealed: if it is restored, it is still not genuine.
   * @throws LetheError `not_found`, `precondition_failed`, `gateway_in_use` unless `isForced`
   */
  async remove(ref: string, { isForced, ifMatch }: { isForced: boolean; ifMatch?: string | undefined }): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      const servers = await this.publisher.serversOf(em, gateway);
      if (servers.length > 0 && !isForced) throw new LetheError('gateway_in_use', { servers });
      const isGenuine = isGatewayGenuine(this.trust.rowsMac(), gateway);
      if (isGenuine && !wasVerified(gateway) && servers.length === 0) {
        await deleteRows(em, gateway);
        await this.publisher.publishServersOf(em, gateway.id);
        return;
      }
      await deleteKept(em, this.trust, gateway.id);
      gateway.deletedAt = new Date();
      if (isGenuine) sealGateway(this.trust.rowsMac(), gateway);
      await em.flush();
      await this.publisher.publishServersOf(em, gateway.id);
    });
  }

  private newGateway(
    em: EntityManager,
    dto: RegisterGatewayDto,
    identity: Pick<Gateway, 'id' | 'slug' | 'pendingRevision'>,
  ): Gateway {
    const now = new Date();
    const gateway = em.create(Gateway, {
      ...identity,
      ...registeredMetadata(dto),
      tagsMac: null,
      currentRevision: null,
      servingVid: null,
      reviewVid: null,
      driftSuspectedAt: null,
      driftSuspectedBy: null,
      lastAttempt: 0,
      lastAppliedAttempt: 0,
      blocks: [],
      version: 1,
      mac: '',
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
    });
    sealTags(this.trust.rowsMac(), gateway);
    sealGateway(this.trust.rowsMac(), gateway);
    return gateway;
  }
}
