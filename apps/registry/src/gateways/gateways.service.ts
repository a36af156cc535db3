import { randomUUID } from 'node:crypto';
import { Database, lockPublishing } from '@lethe/persistence';
import { Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { afterCreated, limitOf, type PageQuery, positionOf } from '../rest/paging.js';
import { requireMatch } from '../rest/etag.js';
import { requireFreeSlug } from '../rows/free-slug.js';
import { addConfig, changeConfig, type ConfigContent } from './gateway-configs.js';
import { GatewayDetailsQuery } from './gateway-details.service.js';
import { GatewayPublisher } from './gateway-publisher.js';
import { deleteRows, findGateway, lockGateway, wasVerified } from './gateway-rows.js';
import { DEFAULT_MAPPINGS, registrableMappings, registrableUrl } from './gateway-rules.js';
import { isGatewayGenuine, requireGenuineGateway, sealGateway } from './gateway-seal.js';
import type { ChangeGatewayDto, RegisterGatewayDto } from './gateway.dto.js';
import { Gateway } from './gateway.entity.js';
import type { GatewayDetails } from './gateway.view.js';

/** Gateways and their configurations. Each method is one transaction. */
@Injectable()
export class GatewaysService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    @Inject(Settings) private readonly settings: Settings,
    private readonly details: GatewayDetailsQuery,
    private readonly publisher: GatewayPublisher,
  ) {}

  /** @throws LetheError `url_forbidden`, `mapping_forbidden`, `slug_taken` */
  async register(dto: RegisterGatewayDto): Promise<GatewayDetails> {
    const content = {
      url: registrableUrl(dto.url, this.settings.allowedUpstreams),
      transport: dto.transport ?? 'auto',
      mappings: registrableMappings(dto.passthroughHeaders ?? DEFAULT_MAPPINGS),
      tlsCa: dto.tlsCa ?? null,
    };
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      // Slugs of deleted gateways count as taken: a slug that callers used never comes to mean another gateway.
      const slug = await requireFreeSlug(dto, async (wanted) => (await em.count(Gateway, { slug: wanted })) > 0);
      const gateway = this.newGateway(em, dto, slug);
      addConfig(em, this.trust.rowsMac(), gateway.id, 1, content);
      await em.flush();
      return this.details.loadOne(em, gateway);
    });
  }

  async list(query: PageQuery): Promise<GatewayDetails[]> {
    const after = afterCreated(positionOf(query, 2));
    return this.database.read(async (em) => {
      const rows = await em.find(
        Gateway,
        { deletedAt: null, ...after },
        { orderBy: { createdAt: 'asc', id: 'asc' }, limit: limitOf(query) + 1 },
      );
      return this.details.load(em, rows);
    });
  }

  /** @throws LetheError `not_found` */
  find(ref: string): Promise<GatewayDetails> {
    return this.database.read(async (em) => this.details.loadOne(em, await findGateway(em, ref)));
  }

  /** @throws LetheError `not_found`, `precondition_failed`, `url_forbidden`, `mapping_forbidden`, `row_tampered` */
  async change(ref: string, dto: ChangeGatewayDto, ifMatch?: string): Promise<GatewayDetails> {
    const content = this.changedContent(dto);
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      requireGenuineGateway(this.trust.rowsMac(), gateway);
      await changeConfig(em, this.trust.rowsMac(), gateway, content);
      em.assign(gateway, { ...changedMetadata(dto), version: gateway.version + 1, updatedAt: new Date() });
      sealGateway(this.trust.rowsMac(), gateway);
      await em.flush();
      await this.publisher.publishServersOf(em, gateway.id);
      return this.details.loadOne(em, gateway);
    });
  }

  /**
   * Deletes a gateway. Servers lose its items and keep their names. Its slug stays taken, unless it was never verified and
   * no server has it: then no caller can have used the slug, and its rows go too. A row that somebody else changed can be
   * deleted but is not sealed: if it is restored, it is still not genuine.
   * @throws LetheError `not_found`, `precondition_failed`
   */
  async remove(ref: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const gateway = await lockGateway(em, ref);
      requireMatch(ifMatch, gateway);
      const isGenuine = isGatewayGenuine(this.trust.rowsMac(), gateway);
      if (isGenuine && !wasVerified(gateway) && !(await this.publisher.isMember(em, gateway.id))) {
        await deleteRows(em, gateway);
        return;
      }
      gateway.deletedAt = new Date();
      if (isGenuine) sealGateway(this.trust.rowsMac(), gateway);
      await em.flush();
      await this.publisher.publishServersOf(em, gateway.id);
    });
  }

  private newGateway(em: EntityManager, dto: RegisterGatewayDto, slug: string): Gateway {
    const now = new Date();
    const gateway = em.create(Gateway, {
      id: randomUUID(),
      slug,
      name: dto.name,
      description: dto.description ?? null,
      tags: dto.tags ?? [],
      listing: dto.listing ?? 'catalogue',
      drift: dto.drift ?? 'auto',
      enabled: dto.enabled ?? true,
      currentRevision: null,
      pendingRevision: 1,
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
    sealGateway(this.trust.rowsMac(), gateway);
    return gateway;
  }

  private changedContent(dto: ChangeGatewayDto): Partial<ConfigContent> {
    return {
      ...(dto.url !== undefined && { url: registrableUrl(dto.url, this.settings.allowedUpstreams) }),
      ...(dto.transport !== undefined && { transport: dto.transport }),
      ...(dto.passthroughHeaders !== undefined && { mappings: registrableMappings(dto.passthroughHeaders) }),
      ...(dto.tlsCa !== undefined && { tlsCa: dto.tlsCa }),
    };
  }
}

function changedMetadata({ name, description, tags, listing, drift, enabled }: ChangeGatewayDto): object {
  const given = { name, description, tags, listing, drift, enabled };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
