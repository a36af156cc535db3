import type { KeyResponse } from '../registry/key-responses.js';
import type { GatewayResponse, ServerResponse } from '../registry/responses.js';
import { type Finding, ok, problem, warning } from './finding.js';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A verification that old says little about what the upstream has now. */
const STALE_DAYS = 30;
const UNUSED_DAYS = 7;
const EXPIRES_SOON_DAYS = 7;
const FAILED = ['failed', 'lost', 'expired'];

/** A gateway, and when its last verification ended. */
export interface ExaminedGateway {
  gateway: GatewayResponse;
  verifiedAt: Date | undefined;
}

/** What is wrong with gateways. */
export function gatewayFindings(gateways: readonly ExaminedGateway[], now: Date): Finding[] {
  if (gateways.length === 0) {
    const todo = 'See what one needs: lethe probe <url>';
    return [warning('gateways', 'There is no gateway yet', todo)];
  }
  const findings = gateways.flatMap(({ gateway, verifiedAt }) => {
    const finding = oneGateway(gateway, verifiedAt, now);
    return finding ? [finding] : [];
  });
  return findings.length > 0 ? findings : [ok('gateways', `Every gateway (${gateways.length}) is verified`)];
}

function oneGateway(gateway: GatewayResponse, verifiedAt: Date | undefined, now: Date): Finding | undefined {
  const { slug, state, enabled, reviewVerification, lastVerification: last } = gateway;
  const verify = `lethe verify ${slug}`;
  if (reviewVerification) return warning('gateways', `${slug} waits for your review`, `lethe apply ${slug}`);
  if (state !== 'verified') {
    const why = last?.code ? `: ${last.code}` : '';
    return problem('gateways', `${slug} is not verified, so nothing of it is served${why}`, verify);
  }
  if (enabled === false) return warning('gateways', `${slug} is switched off`, `lethe edit ${slug} enabled=true`);
  if (last && FAILED.includes(last.state)) {
    return warning('gateways', `The last verification of ${slug} is ${last.state}: ${last.code ?? 'no code'}`, verify);
  }
  if (gateway.pending) return warning('gateways', `${slug} has a change that is not verified yet`, verify);
  const days = verifiedAt ? Math.floor((now.getTime() - verifiedAt.getTime()) / DAY_MS) : 0;
  return days >= STALE_DAYS ? warning('gateways', `${slug} was last verified ${days} days ago`, verify) : undefined;
}

/** What is wrong with virtual servers. */
export function serverFindings(servers: readonly ServerResponse[]): Finding[] {
  if (servers.length === 0) {
    const todo = 'Make one: lethe serve <name> --from <gateway>';
    return [warning('servers', 'There is no virtual server yet', todo)];
  }
  const findings = servers.flatMap(oneServer);
  return findings.length > 0 ? findings : [ok('servers', `Every virtual server (${servers.length}) serves items`)];
}

function oneServer({ slug, enabled, exposed, leftOut, warnings }: ServerResponse): Finding[] {
  const tight = warnings.filter(({ code }) => code === 'headers_over_limit');
  return [
    ...(enabled === false
      ? [warning('servers', `${slug} is switched off: callers get 503`, `lethe edit ${slug} enabled=true`)]
      : []),
    ...(exposed.length === 0 ? [problem('servers', `${slug} serves nothing`, emptyTodo(slug, leftOut))] : []),
    ...tight.map(({ needsKib, limitKib, setting }) =>
      warning(
        'servers',
        `Callers of ${slug} may need ${needsKib} KiB of headers; the way to it accepts ${limitKib} KiB`,
        `Raise ${setting}, or serve fewer gateways`,
      ),
    ),
  ];
}

function emptyTodo(slug: string, leftOut: ServerResponse['leftOut']): string {
  const [first] = leftOut;
  return first
    ? `Its gateway ${first.gateway} is left out: ${first.reason}`
    : `lethe serve ${slug} --add --from <gateway>`;
}

/** What is read of a key. */
type ExaminedKey = Pick<KeyResponse, 'id' | 'name' | 'expiresAt' | 'replacedBy' | 'createdAt' | 'lastUsedAt'>;

/** What is wrong with callers' keys. */
export function keyFindings(keys: readonly ExaminedKey[], now: Date): Finding[] {
  const findings = keys.flatMap((key) => {
    const finding = oneKey(key, now);
    return finding ? [finding] : [];
  });
  return findings.length > 0 || keys.length === 0
    ? findings
    : [ok('keys', `Every caller's key (${keys.length}) is valid`)];
}

function oneKey(key: ExaminedKey, now: Date): Finding | undefined {
  const { id, name, expiresAt, replacedBy, createdAt, lastUsedAt } = key;
  // It ends because it should.
  if (replacedBy) return undefined;
  const shown = `The key ${name} (${id})`;
  const replace = `lethe keys rotate ${id}`;
  const left = expiresAt ? Date.parse(expiresAt) - now.getTime() : Infinity;
  if (left <= 0) return warning('keys', `${shown} has expired`, `Replace it, or revoke it: ${replace}`);
  if (left < EXPIRES_SOON_DAYS * DAY_MS) return warning('keys', `${shown} expires on ${expiresAt}`, replace);
  const isOld = now.getTime() - Date.parse(createdAt) > UNUSED_DAYS * DAY_MS;
  // Absent: the registry does not tell it.
  return lastUsedAt === null && isOld
    ? warning('keys', `${shown} was never used`, `Revoke it if nobody needs it: lethe keys revoke ${id}`)
    : undefined;
}
