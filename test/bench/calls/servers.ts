import type { CredentialUse } from '@lethe/contracts';
import type { ServerDraft } from '../../support/published-routes.js';
import { describedTool, MODERN_VERSION, TOOL } from './messages.js';

/** How one path of the fast upstream answers. */
export const UPSTREAM_PATHS = ['/legacy', '/legacy-sse', '/session', '/modern', '/modern-sse'] as const;
export type UpstreamPath = (typeof UPSTREAM_PATHS)[number];

export const TEN = Array.from({ length: 10 }, (_, n) => n);
export const LISTED_TOOLS = Array.from({ length: 100 }, (_, n) => describedTool(`${TOOL}_${n}`));

/** The gateway of every virtual server with one; it demands a credential of the caller's. */
export const GATEWAY = 'tracker';

const ROLES = Array.from({ length: 16 }, (_, n) => `role-${n}`);
/** The roles that the caller has. */
export const CALLER_ROLES = ROLES.slice(3, 8);
const HOUR = 3_600;
/** More than a benchmark can use up: what is measured is the counting. */
const RATE = { calls: 1_000_000, seconds: 1, burst: 1_000_000, concurrent: 10_000 };
const GRANTED: Partial<ServerDraft> = {
  slug: 'granted',
  grants: ROLES.map((role) => ({ role, kinds: ['tool'], names: [`${TOOL}*`, 'other_*'] })),
  limits: { caller: RATE, tools: [{ names: ['*'], caller: { ...RATE, seconds: HOUR, calls: 1_000_000 * HOUR } }] },
};

/** Two of these differ in whose credential their calls have: the kept one, or the caller's. */
const using = (use: CredentialUse): Partial<ServerDraft> => ({
  grants: ROLES.map((role) => ({ role, kinds: ['tool'], gateways: [GATEWAY], names: [`${TOOL}*`] })),
  credentials: { [GATEWAY]: use },
  limits: {},
});

/** @param upstreams origins of the upstream: the first one for servers of one gateway, the others for those of ten */
export function virtualServers(upstreams: readonly string[]): ServerDraft[] {
  const mappings = [{ header: 'Authorization', required: true, scheme: 'bearer' as const }];
  const facts = (path: UpstreamPath) => ({
    sessionful: path === '/session',
    ...(path.startsWith('/modern') && { era: 'modern' as const, protocolVersion: MODERN_VERSION }),
  });
  const one = (path: UpstreamPath, slug = path.slice(1), items = [describedTool(TOOL)], kept = {}): ServerDraft => ({
    slug,
    access: 'key',
    gateways: [{ slug: GATEWAY, url: `${upstreams[0] ?? ''}${path}`, items, mappings, facts: facts(path), ...kept }],
  });
  const ten = (path: UpstreamPath): ServerDraft => ({
    slug: `${path.slice(1)}-ten`,
    access: 'key',
    gateways: TEN.map((n) => ({
      slug: `${GATEWAY}-${n}`,
      url: `${upstreams[n + 1] ?? ''}${path}`,
      items: [describedTool(`${TOOL}_${n}`)],
      mappings,
      facts: facts(path),
    })),
  });
  const keeping = (slug: string) => one('/legacy', slug, [describedTool(TOOL)], { credential: 'kept' });
  return [
    ...UPSTREAM_PATHS.map((path) => one(path)),
    one('/legacy', 'list', LISTED_TOOLS),
    { ...one('/legacy'), ...GRANTED },
    { ...keeping('kept'), ...using('kept') },
    { ...keeping('own'), ...using('callers') },
    ten('/legacy'),
    ten('/modern'),
  ];
}
