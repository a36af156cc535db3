import { randomUUID } from 'node:crypto';
import type { ServerAccess } from '@lethe/contracts';
import { clashingSources } from '@lethe/mcp';
import { Database, lockPublishing } from '@lethe/persistence';
import { LetheError, Settings } from '@lethe/platform';
import { canonicalJson, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Gateway } from '../gateways/gateway.entity.js';
import { requireMatch } from '../rest/etag.js';
import { ReadBack } from '../rest/read-back.js';
import { afterCreated, limitOf, type PageQuery, positionOf } from '../rest/paging.js';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { requireFreeSlug } from '../rows/free-slug.js';
import { assignedNames } from './assigned-names.js';
import { findServer } from './find-server.js';
import { headerWarnings } from './header-budget.js';
import { NOTHING_CHOSEN, withDefaults } from './server-defaults.js';
import { ServerPublisher } from './server-publisher.js';
import { membersOf } from './pick-items.js';
import {
  chosenShortForm,
  GatewayRefs,
  headerSources,
  passthroughHeaders,
  sessionShares,
  toPicks,
  toRules,
  withoutUnused,
} from './server-members.js';
import { registrableAccess } from './registrable-access.js';
import { requireGenuineServer, sealServer } from './server-seal.js';
import type { ChangeServerDto, CreateServerDto } from './server.dto.js';
import { ServerGateway } from './server-gateway.entity.js';
import { VirtualServer } from './server.entity.js';
import { type ServerDetails, toServerView } from './server.view.js';
import { sessionsProblem } from './session-shares.js';
import { firstShortForm, keptShortForm } from './short-form.js';
import { gatewaysIn, toGrants, toLimits } from './stored-grants.js';

/** Virtual servers. Each changing method is one transaction, which also publishes the change. */
@Injectable()
export class ServersService {
  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly publisher: ServerPublisher,
    @Inject(Settings) private readonly settings: Settings,
    private readonly proxies: LiveProxies,
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
      const now = new Date();
      const server = em.create(VirtualServer, {
        id,
        slug,
        liveSlug: slug,
        ...withDefaults(dto),
        access,
        shortForm: {},
        ...NOTHING_CHOSEN,
        leftOut: [],
        revision: 0,
        version: 1,
        mac: '',
        createdAt: now,
        updatedAt: now,
        deletedAt: null,
      });
      await this.curate(em, server, dto, true);
      await this.publish(em, server, { hasNewItems: true });
      return this.detailsOf(em, server);
    });
  }

  async list(query: PageQuery): Promise<ServerDetails[]> {
    const after = afterCreated(positionOf(query, 2));
    return this.database.read(async (em) => {
      const order = { createdAt: 'asc', id: 'asc' } as const;
      const options = { orderBy: order, limit: limitOf(query) + 1 };
      const servers = await em.find(VirtualServer, { deletedAt: null, ...after }, options);
      const details: ServerDetails[] = [];
      for (const server of servers) details.push(await this.detailsOf(em, server));
      return details;
    });
  }

  /** @throws LetheError `not_found` */
  find(ref: string): Promise<ServerDetails> {
    return this.database.read(async (em) => this.detailsOf(em, await findServer(em, ref)));
  }

  /** @throws LetheError like `create`, and `not_found`, `precondition_failed`, `row_tampered` */
  change(ref: string, dto: ChangeServerDto, ifMatch?: string, readOnly = ReadBack.NONE): Promise<ServerDetails> {
    return this.database.transaction(async (em) => {
      await lockPublishing(em);
      const server = await findServer(em, ref, true);
      requireMatch(ifMatch, server);
      requireGenuineServer(this.trust.rowsMac(), server);
      await readOnly.requireUnchanged(server, async () => toServerView(await this.detailsOf(em, server)), ifMatch);
      const before = contentOf(server);
      const { items, grants } = server;
      setMembers(server, dto, isSame(dto.access, server.access) ? undefined : this.accessOf(dto));
      await this.curate(em, server, dto, false);
      if (contentOf(server) === before) return this.detailsOf(em, server);
      if (!isSame(server.grants, grants)) this.requireProxies(dto);
      server.version += 1;
      server.updatedAt = new Date();
      await this.publish(em, server, { hasNewItems: !isSame(server.items, items) });
      return this.detailsOf(em, server);
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

  private async detailsOf(em: EntityManager, server: VirtualServer): Promise<ServerDetails> {
    const names = await assignedNames(em, server.id);
    const members = membersOf(server);
    const ids = new Set([...members, ...gatewaysIn(server.grants), ...names.map(({ gatewayId }) => gatewayId)]);
    const gateways = await em.find(Gateway, { id: { $in: [...ids] } });
    const headers = await passthroughHeaders(
      em,
      gateways.filter(({ id }) => members.includes(id)),
    );
    return {
      server,
      names,
      slugs: new Map(gateways.map(({ id, slug }) => [id, slug])),
      warnings: headerWarnings(headers, server.access, this.settings),
    };
  }

  /** Applies the requested items and rules, and checks them against the gateways. */
  private async curate(em: EntityManager, server: VirtualServer, dto: ChangeServerDto, isNew: boolean): Promise<void> {
    const wanted = [...(dto.items ?? []), ...(dto.include ?? [])].map(({ gateway }) => gateway);
    const refs = await GatewayRefs.load(
      em,
      [...wanted, ...gatewaysIn(dto.grants), ...Object.values(dto.shortForm ?? {})],
      [...membersOf(server), ...gatewaysIn(server.grants)],
    );
    chooseMembers(server, dto, refs);
    const members = membersOf(server);
    const sources = await headerSources(em, server);
    if (dto.shortForm !== undefined) server.shortForm = chosenShortForm(dto.shortForm, refs, server, sources);
    else if (isNew) server.shortForm = firstShortForm(await withoutUnused(em, server, sources));
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
    await em.nativeDelete(ServerGateway, { serverId: server.id });
    const links = membersOf(server).map((gatewayId) => ({ serverId: server.id, gatewayId }));
    if (links.length > 0) await em.insertMany(ServerGateway, links);
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

/** What administrators set, as text for comparison. */
function contentOf(server: VirtualServer): string {
  const { name, description, instructions, access, enabled, missingCredential, eras } = server;
  const { maxNameLength, shortForm, items, include, grants, limits } = server;
  const texts = [name, description ?? null, instructions ?? null, enabled, missingCredential, eras, maxNameLength];
  return canonicalJson([...texts, access, shortForm, items, include, grants ?? null, limits ?? null]);
}

function setMembers(server: VirtualServer, dto: ChangeServerDto, access: ServerAccess | undefined): void {
  const { name, description, instructions, enabled, missingCredential, eras, maxNameLength } = dto;
  if (name !== undefined) server.name = name;
  if (description !== undefined) server.description = description;
  if (instructions !== undefined) server.instructions = instructions;
  if (access !== undefined) server.access = access;
  if (enabled !== undefined) server.enabled = enabled;
  if (missingCredential !== undefined) server.missingCredential = missingCredential;
  if (eras !== undefined) server.eras = eras;
  if (maxNameLength !== undefined) server.maxNameLength = maxNameLength;
}

/** Sets what the request says about items and about who may use them; what is absent stays. */
function chooseMembers(server: VirtualServer, dto: ChangeServerDto, refs: GatewayRefs): void {
  if (dto.items !== undefined) server.items = toPicks(dto.items, refs);
  if (dto.include !== undefined) server.include = toRules(dto.include, refs);
  if (dto.grants !== undefined) server.grants = dto.grants && toGrants(dto.grants, refs);
  if (dto.limits !== undefined) server.limits = dto.limits && toLimits(dto.limits);
}
