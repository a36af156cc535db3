import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { NOTHING_CHOSEN, withDefaults } from '../servers/server-defaults.js';
import { ChangeServerDto } from '../servers/server.dto.js';
import { VirtualServer } from '../servers/server.entity.js';
import { ServersService } from '../servers/servers.service.js';
import type { Exported } from './document.js';
import { SERVER_FIELDS } from './exported-server.js';
import { ExportService } from './export.service.js';
import { fieldChanges } from './field-changes.js';
import type { ImportServerDto, NameDto } from './import.dto.js';
import type { PlannedObjectView } from './plan.view.js';
import { reserveNames } from './reserved-names.js';
import { changeTo } from './wanted-fields.js';

/** What a virtual server should be, without its names. */
type WantedServer = Omit<ImportServerDto, 'names'>;

/** Makes virtual servers what a document says, by the services of the single requests. Works within `Database.together`. */
@Injectable()
export class ServerImport {
  constructor(
    private readonly servers: ServersService,
    private readonly exports: ExportService,
  ) {}

  /**
   * @param before what the virtual server is; undefined if there is none
   * @throws LetheError like `ServersService`; `name_clash`, `invalid_request` for its names
   */
  async apply(
    em: EntityManager,
    { names = [], ...wanted }: ImportServerDto,
    before: Exported | undefined,
  ): Promise<PlannedObjectView> {
    const { slug } = wanted;
    if (before === undefined) {
      await this.create(em, wanted, names);
      return { kind: 'server', slug, action: 'create' };
    }
    const reserved = await this.reserve(em, slug, names);
    const change = changeTo(ChangeServerDto, before, targetOf(wanted, before), SERVER_FIELDS);
    if (change) await this.servers.change(slug, change);
    const after = change ? (await this.exports.read(em, { gateways: [], servers: [slug] })).servers.get(slug) : before;
    const changes = fieldChanges(before, after ?? {}).filter(({ field }) => field !== 'names');
    if (reserved > 0) changes.push({ field: 'names', after: reserved });
    const isSame = changes.length === 0;
    return { kind: 'server', slug, action: isSame ? 'unchanged' : 'change', ...(!isSame && { changes }) };
  }

  /** Names are given before items are: otherwise the items would get others. */
  private async create(em: EntityManager, wanted: WantedServer, names: readonly NameDto[]): Promise<void> {
    const id = randomUUID();
    await reserveNames(em, id, names);
    await this.servers.create(wanted, id);
  }

  private async reserve(em: EntityManager, slug: string, names: readonly NameDto[]): Promise<number> {
    if (names.length === 0) return 0;
    const { id } = await em.findOneOrFail(VirtualServer, { liveSlug: slug });
    return reserveNames(em, id, names);
  }
}

/** The short form stays as it is, unless the document has one: it follows from the gateways. */
function targetOf(wanted: WantedServer, { shortForm }: Exported): object {
  const given = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return { ...NOTHING_CHOSEN, shortForm, ...Object.fromEntries(given), ...withDefaults(wanted) };
}
