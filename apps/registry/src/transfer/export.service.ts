import { Database } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayDetailsQuery } from '../gateways/gateway-details.service.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { assignedNames } from '../servers/assigned-names.js';
import { VirtualServer } from '../servers/server.entity.js';
import { CatalogueTransfer } from './catalogue-transfer.service.js';
import { asJson, type Exported } from './document.js';
import { exportedGateway } from './exported-gateway.js';
import { compare, exportedServer } from './exported-server.js';
import type { ExportQuery } from './import.dto.js';
import { type DocumentForm, documentText } from './write-document.js';

/** Objects that are read at once. */
const AT_ONCE = 50;

/** What of a registry is meant: all, or what these slugs name. */
export interface Wanted {
  gateways?: readonly string[];
  servers?: readonly string[];
}

/** Writes gateways and virtual servers as a document: without ids, times, revisions, keys of callers and administrators. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly details: GatewayDetailsQuery,
    private readonly catalogues: CatalogueTransfer,
  ) {}

  /**
   * The document in parts. Settings are those of one moment; a catalogue is read when its gateway is written.
   * @throws LetheError `not_found`
   */
  async document(query: ExportQuery, form: DocumentForm): Promise<AsyncGenerator<string>> {
    const { gateway, server } = query;
    const isPart = gateway !== undefined || server !== undefined;
    const wanted = isPart ? { gateways: [gateway ?? []].flat(), servers: [server ?? []].flat() } : {};
    const { gateways, servers } = await this.database.snapshot((em) => this.read(em, wanted));
    if ((gateway !== undefined && gateways.size === 0) || (server !== undefined && servers.size === 0)) {
      throw new LetheError('not_found');
    }
    const written = query.catalogue === 'true' ? this.withCatalogues(gateways) : gateways.values();
    return documentText(form, { gateways: written, servers: servers.values() });
  }

  /** Gateways and virtual servers by slug, in the order of their slugs. */
  async read(
    em: EntityManager,
    wanted: Wanted,
  ): Promise<{ gateways: Map<string, Exported>; servers: Map<string, Exported> }> {
    return { gateways: await this.gateways(em, wanted.gateways), servers: await this.servers(em, wanted.servers) };
  }

  private async gateways(em: EntityManager, slugs: readonly string[] | undefined): Promise<Map<string, Exported>> {
    const rows = await em.find(Gateway, { deletedAt: null, ...(slugs && { slug: { $in: slugs } }) });
    const found = new Map<string, Exported>();
    for (const some of chunksOf(rows.toSorted(bySlug))) {
      for (const details of await this.details.load(em, some))
        found.set(details.gateway.slug, exportedGateway(details));
    }
    em.clear();
    return found;
  }

  private async servers(em: EntityManager, slugs: readonly string[] | undefined): Promise<Map<string, Exported>> {
    const there = await em.find(Gateway, { deletedAt: null }, { fields: ['id', 'slug'] });
    const slugOf = new Map(there.map(({ id, slug }) => [id, slug]));
    em.clear();
    const rows = await em.find(VirtualServer, { deletedAt: null, ...(slugs && { liveSlug: { $in: slugs } }) });
    em.clear();
    const found = new Map<string, Exported>();
    for (const row of rows.toSorted(bySlug)) {
      found.set(row.slug, exportedServer(row, await assignedNames(em, row.id), slugOf));
      em.clear();
    }
    return found;
  }

  private async *withCatalogues(gateways: ReadonlyMap<string, Exported>): AsyncGenerator<Exported> {
    for (const [slug, exported] of gateways) {
      const catalogue = await this.database.transaction(async (em) => {
        const gateway = await em.findOne(Gateway, { slug, deletedAt: null });
        return gateway === null ? undefined : this.catalogues.exportOf(em, gateway.id);
      });
      yield catalogue === undefined ? exported : asJson({ ...exported, catalogue });
    }
  }
}

function bySlug(a: { slug: string }, b: { slug: string }): number {
  return compare(a.slug, b.slug);
}

function chunksOf<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / AT_ONCE);
  return Array.from({ length: count }, (_, n) => rows.slice(n * AT_ONCE, (n + 1) * AT_ONCE));
}
