import { randomUUID } from 'node:crypto';
import type { ServerAccess } from '@lethe/contracts';
import { clashingSources } from '@lethe/mcp';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError, Settings } from '@lethe/platform';
import { canonicalJson, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { filteredGateway } from '../gateways/gateway-filter.js';
import { requireMatch } from '../rest/etag.js';
import { allOf, containsText, hasText, ifGiven, where } from '../rest/filters.js';
import type { Page } from '../rest/paging.js';
import { ReadBack } from '../rest/read-back.js';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { requireFreeSlug } from '../rows/free-slug.js';
import { changedPicks } from './changed-picks.js';
import { compose, membersOf } from './composition.js';
import { gatewaysOf, requireIdentified, toUses } from './credential-uses.js';
import { findServer } from './find-server.js';
import type { ChangeItemsDto } from './items.dto.js';
import { chooseMembers, decidedContent, setMembers } from './server-changes.js';
import { NOTHING_CHOSEN, withDefaults } from './server-defaults.js';
import { ServerDetailsQuery } from './server-details.service.js';
import { ServerPublisher } from './server-publisher.js';
import { chosenShortForm, GatewayRefs, headerSources, sessionShares, withoutUnused } from './server-members.js';
import { registrableAccess } from './registrable-access.js';
import { SERVER_ORDERS, type ServersQuery } from './server-list.dto.js';
import { requireGenuineServer, sealServer } from './server-seal.js';
import type { ChangeServerDto, CreateServerDto } from './server.dto.js';
import { ServerGateway } from './server-gateway.entity.js';
import { VirtualServer } from './server.entity.js';
import { type ServerDetails, toServerView } from './server.view.js';
import { sessionsProblem } from './session-shares.js';
import { firstShortForm, keptShortForm } from './short-form.js';
import { gatewaysIn } from './stored-grants.js';

/** Virtual servers. Each changing method is one transaction, which also publishes the change. */
@Injectable()
export class ServersService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly publisher: ServerPublisher,
    @Inject(Settings) private readonly settings: Settings,
    private readonly proxies: LiveProxies,
    private readonly details: ServerDetailsQuery,
  ) {}

  /**
   * @throws LetheError `invalid_request`, `url_forbidden`, `slug_taken`, `header_clash`, `too_many_sessionful`,
   * `session_token_too_large`, `name_clash`, `too_many_roles`, `proxies_outdated`
   */
  create(dto: CreateServerDto, id: string = randomUUID()): Promise<ServerDetails> {
    const access = this.accessOf(dto) ?? 'key';
    this.requireProxies(dto);
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const slug = await requireFreeSlug(
        dto,
        async (wanted) => (await em.count(VirtualServer, { liveSlug: wanted })) > 0,
      );
      const server = newServer(em, dto, { id, slug, access });
      await this.curate(em, server, dto, true);
      await this.publish(em, server, { hasNewItems: true });
      return this.details.load(em, server);
    });
  }

  /** @throws LetheError `invalid_request` for a gateway that does not exist */
  async list(query: ServersQuery): Promise<Page<ServerDetails>> {
    const { after, options } = SERVER_ORDERS.pageOf(query);
    return this.database.read(async (em) => {
      const wanted = allOf({ deletedAt: null }, after, filtered(query, await filteredGateway(em, query.gateway)));
      const rows = await em.find(VirtualServer, wanted, options);
      const { items, ...page } = SERVER_ORDERS.toPage(rows, query, (row) => row);
      const details: ServerDetails[] = [];
      for (const server of items) details.push(await this.details.load(em, server));
      return { items: details, ...page };
    });
  }

  /** @throws LetheError `not_found` */
  find(ref: string): Promise<ServerDetails> {
    return this.database.read(async (em) => this.details.load(em, await findServer(em, ref)));
  }

  /** @throws LetheError like `create`, and `not_found`, `precondition_failed`, `row_tampered` */
  change(ref: string, dto: ChangeServerDto, ifMatch?: string, readOnly = ReadBack.NONE): Promise<ServerDetails> {
    return this.changed(ref, ifMatch, async (em, server) => {
      const view = async () => toServerView(await this.details.load(em, server));
      await readOnly.requireUnchanged(server, view, ifMatch);
      const access = isSame(dto.access, server.access) ? undefined : this.accessOf(dto);
      return { ...dto, ...(access !== undefined && { access }) };
    });
  }

  /**
   * Changes what a server says about some items. What others have changed about other items meanwhile stays.
   * @throws LetheError like `change`
   */
  changeItems(ref: string, dto: ChangeItemsDto, ifMatch?: string): Promise<ServerDetails> {
    return this.changed(ref, ifMatch, async (em, server) => ({ items: await changedPicks(em, server, dto) }));
  }

  /** @param changes what differs from the server as it is now; its row is locked */
  private changed(
    ref: string,
    ifMatch: string | undefined,
    changes: (em: EntityManager, server: VirtualServer) => Promise<ChangeServerDto>,
  ): Promise<ServerDetails> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const server = await findServer(em, ref, true);
      requireMatch(ifMatch, server);
      requireGenuineServer(this.trust.rowsMac(), server);
      const before = decidedContent(server);
      const { items, grants } = server;
      const dto = await changes(em, server);
      setMembers(server, dto);
      await this.curate(em, server, dto, false);
      if (decidedContent(server) === before) return this.details.load(em, server);
      if (!isSame(server.grants, grants)) this.requireProxies(dto);
      server.version += 1;
      server.updatedAt = new Date();
      await this.publish(em, server, { hasNewItems: !isSame(server.items, items) });
      return this.details.load(em, server);
    });
  }

  /**
   * Deletes a server and publishes a signed tombstone. A later server may have its slug, but starts with no assigned
   * names.
   * @throws LetheError `not_found`, `precondition_failed`, `row_tampered`
   */
  async remove(ref: string, ifMatch?: string): Promise<void> {
    await this.database.transaction(async (em) => {
      await lockPublishing(em);
      const server = await findServer(em, ref, true);
      requireMatch(ifMatch, server);
      requireGenuineServer(this.trust.rowsMac(), server);
      em.assign(server, { deletedAt: new Date(), liveSlug: null });
      sealServer(this.trust.rowsMac(), server);
      await em.nativeDelete(ServerGateway, { serverId: server.id });
      await this.publisher.publishTombstone(em, server);
    });
  }

  private accessOf({ access }: ChangeServerDto): ServerAccess | undefined {
    return access && registrableAccess(access, this.settings.allowedUpstreams);
  }

  /** An older proxy would ignore grants. @throws LetheError `proxies_outdated` */
  private requireProxies({ grants }: ChangeServerDto): void {
    const proxies = grants ? this.proxies.outdated() : [];
    if (proxies.length > 0) throw new LetheError('proxies_outdated', { proxies });
  }

  /** Applies the requested items and rules, and checks them against the gateways. */
  private async curate(em: EntityManager, server: VirtualServer, dto: ChangeServerDto, isNew: boolean): Promise<void> {
    const named = [...(dto.items ?? []), ...(dto.include ?? []), ...(dto.credentials ?? [])];
    const wanted = [...named.flatMap(({ gateway }) => gateway ?? []), ...gatewaysIn(dto.grants)];
    const refs = await GatewayRefs.load(em, [...wanted, ...Object.values(dto.shortForm ?? {})], gatewaysOf(server));
    chooseMembers(server, dto, refs);
    if (dto.credentials !== undefined) {
      server.credentials = toUses(dto.credentials ?? [], refs, this.settings.keptCredentials);
    }
    requireIdentified(server);
    const composition = await compose(em, this.trust.rowsMac(), server);
    const members = membersOf(composition);
    const sources = await headerSources(em, composition);
    if (dto.shortForm !== undefined) server.shortForm = chosenShortForm(dto.shortForm, refs, server, sources);
    else if (isNew) server.shortForm = firstShortForm(await withoutUnused(em, composition, sources));
    else server.shortForm = keptShortForm(server.shortForm, members);
    if (clashingSources(sources).length > 0) throw new LetheError('header_clash');
    const problem = sessionsProblem(await sessionShares(em, members));
    if (problem) throw new LetheError(problem);
  }

  /** Seals the row and publishes the server. */
  private async publish(
    em: EntityManager,
    server: VirtualServer,
    { hasNewItems }: { hasNewItems: boolean },
  ): Promise<void> {
    sealServer(this.trust.rowsMac(), server);
    await em.flush();
    const leftOut = await this.publisher.publish(em, server);
    if (hasNewItems && leftOut.some(({ reason }) => reason === 'name_clash')) {
      throw new LetheError('name_clash');
    }
    await em.flush();
  }
}

function isSame(some: unknown, others: unknown): boolean {
  return canonicalJson(some ?? null) === canonicalJson(others ?? null);
}

function filtered({ enabled, tag, q }: ServersQuery, gatewayId: string | undefined): object {
  return allOf(
    ifGiven(enabled, (value) => ({ enabled: value === 'true' })),
    ifGiven(tag, (value) => hasText('tags', value)),
    ifGiven(q, (value) => containsText(value, ['name', 'slug'])),
    ifGiven(gatewayId, (id) =>
      where(
        (server) => `exists (select from server_gateway g where g.server_id = ${server}.id and g.gateway_id = ?)`,
        [id],
      ),
    ),
  );
}

function newServer(
  em: EntityManager,
  dto: CreateServerDto,
  identity: Pick<VirtualServer, 'id' | 'slug' | 'access'>,
): VirtualServer {
  const now = new Date();
  return em.create(VirtualServer, {
    ...withDefaults(dto),
    ...identity,
    liveSlug: identity.slug,
    shortForm: {},
    ...NOTHING_CHOSEN,
    leftOut: [],
    toolBytes: null,
    revision: 0,
    version: 1,
    mac: '',
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  });
}
