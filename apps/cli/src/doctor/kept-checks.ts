import type { StatusResponse } from '../registry/inspection-responses.js';
import { isForKept } from '../registry/kept-grants.js';
import type { GatewayResponse, ServerResponse } from '../registry/responses.js';
import { type Finding, ok, problem, warning } from './finding.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const EXPIRES_SOON_DAYS = 7;

/** What is wrong with credentials that are kept: one that ends takes the calls of all callers with it. */
export function keptFindings(gateways: readonly GatewayResponse[], now: Date): Finding[] {
  const keeping = gateways.filter(({ kept }) => kept);
  const findings = keeping.flatMap((gateway) => oneKept(gateway, now));
  return findings.length > 0 || keeping.length === 0
    ? findings
    : [ok('kept', `Every kept credential (${keeping.length}) can be used`)];
}

const KEPT_TEXTS: Record<string, string> = {
  ended: 'has ended',
  other_configuration: 'was sealed for another URL, other headers or other certificates',
  tampered: 'is not used: something other than Lethe changed its row',
};

function oneKept({ slug, kept }: GatewayResponse, now: Date): Finding[] {
  if (!kept) return [];
  const shown = `The credential that is kept for ${slug}`;
  const renew = `lethe keep ${slug}`;
  if (kept.state !== 'usable') return [problem('kept', `${shown} ${KEPT_TEXTS[kept.state] ?? kept.state}`, renew)];
  if (kept.rejectedAt) {
    return [problem('kept', `${shown} was rejected by its upstream at ${kept.rejectedAt}`, renew)];
  }
  const isSoon = Date.parse(kept.until) - now.getTime() < EXPIRES_SOON_DAYS * DAY_MS;
  return isSoon ? [warning('kept', `${shown} ends on ${kept.until}`, renew)] : [];
}

/** Proxies that open nothing, although something is kept. */
export function closedProxies({ proxies }: StatusResponse, gateways: readonly GatewayResponse[]): Finding[] {
  // Undefined: an older registry does not tell it.
  const hosts = new Set(proxies.flatMap(({ host, opensKept }) => (opensKept === false ? [host] : [])));
  if (hosts.size === 0 || !gateways.some(({ kept }) => kept)) return [];
  const text = `The proxies on ${[...hosts].join(', ')} use no kept credentials`;
  return [problem('kept', text, 'Set LETHE_KEPT_CREDENTIALS of these proxies to on, as of the registry')];
}

/** Why a virtual server that is meant to use what is kept for gateways can't. */
export function unusableIn(server: ServerResponse, gateways: readonly GatewayResponse[]): Finding[] {
  const used = server.credentials?.filter(({ use }) => use !== 'callers') ?? [];
  return used.flatMap(({ gateway: slug }) => {
    const isKept = gateways.some((gateway) => gateway.slug === slug && gateway.kept);
    if (!isKept)
      return [
        warning(
          'kept',
          `Nothing is kept for ${slug}, and the virtual server ${server.slug} is to use it`,
          `lethe keep ${slug}`,
        ),
      ];
    if (server.grants?.some((grant) => isForKept(grant, slug))) return [];
    const text = `No caller of ${server.slug} may use what is kept for ${slug}: no grant for a role names this gateway`;
    return [warning('kept', text, grantTodo(server, slug))];
  });
}

/** The grants that it has, and another one. */
function grantTodo({ slug, grants }: ServerResponse, gateway: string): string {
  const wanted = [...(grants ?? [{ role: '*' }]), { role: '<role>', gateways: [gateway] }];
  return `lethe edit ${slug} 'grants=${JSON.stringify(wanted)}'`;
}
