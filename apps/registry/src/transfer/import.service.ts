import { Database, lockPublishing } from '@lethe/persistence';
import { ERRORS, LetheError } from '@lethe/platform';
import { canonicalJson } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewaysService } from '../gateways/gateways.service.js';
import { contentTag } from '../rest/etag.js';
import { ServersService } from '../servers/servers.service.js';
import type { Exported } from './document.js';
import { compare } from './exported-server.js';
import { ExportService } from './export.service.js';
import { GatewayImport } from './gateway-import.service.js';
import type { ImportDto } from './import.dto.js';
import { countsOf, type PlannedObjectView, type PlanView } from './plan.view.js';
import { ServerImport } from './server-import.service.js';

/** Problems that a refusal names, at most. */
const MAX_TOLD = 100;

/** How a document is imported. */
export interface ImportOptions {
  isDryRun: boolean;
  isPruning: boolean;
  /** The plan that it must still be. */
  ifMatch: string | undefined;
}

/** Ends the transaction of a dry run: what it did is undone. */
class DryRunEnd extends Error {
  constructor(readonly plan: PlanView) {
    super('A dry run is undone');
  }
}

/**
 * Makes gateways and virtual servers what a document says, in one transaction. A dry run does the same, with every check, and
 * undoes it: so its plan is what an import does.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly exports: ExportService,
    private readonly gateways: GatewaysService,
    private readonly servers: ServersService,
    private readonly gatewayImport: GatewayImport,
    private readonly serverImport: ServerImport,
  ) {}

  /** @throws LetheError `import_refused`, `precondition_failed`; `invalid_request` for a slug that stands twice */
  async run(dto: ImportDto, options: ImportOptions): Promise<PlanView> {
    requireOnce('gateways', dto.gateways);
    requireOnce('servers', dto.servers);
    try {
      return await this.database.together(async (em) => {
        // A dry run that finds nothing to change holds nobody up.
        if (!options.isDryRun) await lockPublishing(em);
        const plan = toPlan(await this.carryOut(em, dto, options.isPruning), !options.isDryRun);
        if (options.isDryRun) throw new DryRunEnd(plan);
        requirePlan(options.ifMatch, plan);
        refuseProblems(plan);
        return plan;
      });
    } catch (error) {
      if (error instanceof DryRunEnd) return error.plan;
      throw error;
    }
  }

  private async carryOut(em: EntityManager, dto: ImportDto, isPruning: boolean): Promise<PlannedObjectView[]> {
    const [gateways, servers] = [slugsOf(dto.gateways), slugsOf(dto.servers)];
    const before = await this.exports.read(em, isPruning ? {} : { gateways, servers });
    em.clear();
    const all: PlannedObjectView[] = [];
    for (const each of inOrder(dto.gateways)) {
      const now = before.gateways.get(each.slug);
      all.push(await attempt(em, toBe('gateway', each.slug, now), () => this.gatewayImport.apply(em, each, now)));
    }
    for (const each of inOrder(dto.servers)) {
      const now = before.servers.get(each.slug);
      all.push(await attempt(em, toBe('server', each.slug, now), () => this.serverImport.apply(em, each, now)));
    }
    for (const gone of without(before.servers, servers, 'server')) {
      all.push(
        await attempt(em, gone, async () => {
          await this.servers.remove(gone.slug);
          return gone;
        }),
      );
    }
    for (const gone of without(before.gateways, gateways, 'gateway')) {
      all.push(
        await attempt(em, gone, async () => {
          await this.gateways.remove(gone.slug, { isForced: false });
          return gone;
        }),
      );
    }
    return all.toSorted((a, b) => compare(`${a.kind} ${a.slug}`, `${b.kind} ${b.slug}`));
  }
}

/**
 * Does what a document says of one object. What the single request would be refused for is a problem of the object, so that all
 * of them are told at once.
 */
async function attempt(
  em: EntityManager,
  intended: PlannedObjectView,
  work: () => Promise<PlannedObjectView>,
): Promise<PlannedObjectView> {
  try {
    const done = await work();
    // Services leave that to the end of the transaction.
    await em.flush();
    return done;
  } catch (error) {
    if (!(error instanceof LetheError) || error.status >= 500) throw error;
    const { code, detail } = error;
    return { ...intended, problem: { code, title: ERRORS[code].message, detail } };
  } finally {
    // What is written need not be kept in memory, and what was refused must not be written.
    em.clear();
  }
}

function toBe(kind: PlannedObjectView['kind'], slug: string, now: Exported | undefined): PlannedObjectView {
  return { kind, slug, action: now === undefined ? 'create' : 'change' };
}

function without(
  before: ReadonlyMap<string, Exported>,
  kept: readonly string[],
  kind: PlannedObjectView['kind'],
): PlannedObjectView[] {
  const known = new Set(kept);
  return [...before.keys()].filter((slug) => !known.has(slug)).map((slug) => ({ kind, slug, action: 'delete' }));
}

function slugsOf(objects: readonly { slug: string }[] = []): string[] {
  return objects.map(({ slug }) => slug);
}

function inOrder<T extends { slug: string }>(objects: readonly T[] = []): T[] {
  return objects.toSorted((a, b) => compare(a.slug, b.slug));
}

function requireOnce(field: string, objects: readonly { slug: string }[] = []): void {
  if (new Set(slugsOf(objects)).size === objects.length) return;
  throw new LetheError('invalid_request', { errors: [{ field, rule: 'slug_twice' }] });
}

function toPlan(objects: PlannedObjectView[], applied: boolean): PlanView {
  return { applied, planDigest: contentTag(canonicalJson(objects)), counts: countsOf(objects), objects };
}

/** Only the plan that was read may be carried out (RFC 9110, section 13.1.1). */
function requirePlan(ifMatch: string | undefined, { planDigest }: PlanView): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(`"${planDigest}"`)) throw new LetheError('precondition_failed');
}

function refuseProblems({ objects }: PlanView): void {
  const problems = objects.flatMap(({ kind, slug, problem }) => (problem ? [{ kind, slug, ...problem }] : []));
  if (problems.length > 0) throw new LetheError('import_refused', { problems: problems.slice(0, MAX_TOLD) });
}
