import type { ServerAccess } from '@lethe/contracts';
import type { Settings } from '@lethe/platform';

const KIB = 1024;

/**
 * What the headers of a request are assumed to take, bytes: a JWT with a few dozen groups or scopes has some 4 KiB, a session
 * token at most that. `docs/operations/virtual-servers.md` tells these numbers.
 */
const ASSUMED_BYTES = { credential: 4 * KIB, session: 4 * KIB, others: 2 * KIB };

/** What reverse proxies accept with the settings of `docs/operations/reverse-proxies.md`. */
const DOCUMENTED_FRONT_KIB = 64;

/** Clients may have to send more headers than the way to the upstreams lets pass. */
export interface HeaderWarning {
  /** A client that sends the credentials of all gateways may send more headers than a part on the way accepts. */
  code: 'headers_over_limit';
  /** Passthrough headers of all gateways. */
  headers: number;
  /** All headers of a request together, as assumed. */
  needsKib: number;
  limitKib: number;
  /** The setting that tells the limit. */
  setting: 'LETHE_MAX_HEADER_KIB' | 'LETHE_FRONT_HEADER_KIB';
}

/** The parts on the way that limit headers. */
export type HeaderLimits = Pick<Settings, 'maxHeaderKib' | 'frontHeaderKib' | 'publicUrl'>;

/**
 * Compares what clients of a virtual server may have to send with what the proxies and the balancer in front of them accept.
 * @param headers passthrough headers of all its gateways
 */
export function headerWarnings(headers: number, access: ServerAccess, limits: HeaderLimits): HeaderWarning[] {
  const { credential, session, others } = ASSUMED_BYTES;
  const ofCaller = typeof access === 'object' ? credential : 0;
  const needsKib = (headers * credential + session + ofCaller + others) / KIB;
  return limitsOnTheWay(limits)
    .filter(({ limitKib }) => needsKib > limitKib)
    .map((limit) => ({ code: 'headers_over_limit', headers, needsKib, ...limit }));
}

function limitsOnTheWay(limits: HeaderLimits): Pick<HeaderWarning, 'limitKib' | 'setting'>[] {
  const { maxHeaderKib, publicUrl, frontHeaderKib = publicUrl && DOCUMENTED_FRONT_KIB } = limits;
  return [
    ...(typeof frontHeaderKib === 'number'
      ? [{ limitKib: frontHeaderKib, setting: 'LETHE_FRONT_HEADER_KIB' as const }]
      : []),
    { limitKib: maxHeaderKib, setting: 'LETHE_MAX_HEADER_KIB' },
  ];
}
