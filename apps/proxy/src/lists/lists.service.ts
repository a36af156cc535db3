import type { ItemKind, JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, MODERN_VERSIONS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { isCallable } from '../eras/listed-item.js';
import type { EraTranslator } from '../eras/era-translator.js';
import { modernCapabilities } from '../listening/modern-capabilities.js';
import type { ServerRoutes } from '../routes/server-routes.js';
import { faceOf } from './server-face.js';

/** Items on one page; servers of the usual size answer with one. */
export const PAGE_SIZE = 200;

/** Lists from the manifest: no upstream is asked. Pages are written as JSON at their first use and kept with the server. */
export class ListsService {
  private readonly pages = new WeakMap<ServerRoutes, Map<string, string>>();

  constructor(private readonly cursors: Sealer) {}

  /**
   * The JSON of one page's result.
   * @throws LetheError `params_invalid` for a cursor that is not from here
   */
  page(server: ServerRoutes, era: EraTranslator, rule: { kind: ItemKind; member: string }, cursor?: JsonValue): string {
    const start = cursor === undefined ? 0 : this.startAfter(server, rule.kind, cursor);
    const known = this.pages.get(server) ?? new Map<string, string>();
    this.pages.set(server, known);
    const key = `${era.era} ${rule.kind} ${start}`;
    const page = known.get(key) ?? this.write(server, era, rule, start);
    known.set(key, page);
    return page;
  }

  /** The JSON of the answer to `server/discover`. */
  discover(server: ServerRoutes, era: EraTranslator): string {
    const { instructions } = server.manifest;
    return JSON.stringify({
      supportedVersions: [...MODERN_VERSIONS],
      capabilities: modernCapabilities(server),
      ...(instructions !== undefined && { instructions }),
      ...era.listMembers(faceOf(server)),
    });
  }

  private write(
    server: ServerRoutes,
    era: EraTranslator,
    rule: { kind: ItemKind; member: string },
    start: number,
  ): string {
    const listed = this.listed(server, rule.kind);
    const shown = listed.slice(start, start + PAGE_SIZE);
    const last = shown.at(-1);
    const hasMore = last !== undefined && start + PAGE_SIZE < listed.length;
    const result: JsonObject = {
      [rule.member]: shown.map(({ definition }) => era.listedItem(definition ?? {})),
      ...(hasMore && { nextCursor: this.cursors.seal({ k: rule.kind, a: last.exposed }, server.id) }),
      ...era.listMembers(faceOf(server)),
    };
    return JSON.stringify(result);
  }

  /** A cursor names the last item seen, so that it keeps its place when the server changes meanwhile. */
  private startAfter(server: ServerRoutes, kind: ItemKind, cursor: JsonValue): number {
    const claims = typeof cursor === 'string' ? this.cursors.open(cursor, server.id) : undefined;
    const after = isObject(claims) && claims['k'] === kind ? claims['a'] : undefined;
    const at = this.listed(server, kind).findIndex(({ exposed }) => exposed === after);
    if (at === -1) throw new LetheError('params_invalid', { member: 'cursor' });
    return at + 1;
  }

  private listed(server: ServerRoutes, kind: ItemKind) {
    const routes = [...(server.items.get(kind)?.values() ?? [])];
    return routes.filter((route) => route.gateway.isListed && isCallable(route));
  }
}
