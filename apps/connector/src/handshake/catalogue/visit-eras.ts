import type { Era, Transport, HandshakeWarning } from '@lethe/contracts';
import { settled } from '../client/network-error.js';
import { beforeDeadline } from '../eras/before-deadline.js';
import type { Visits } from '../eras/visits.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { failureWarning } from './failure-warning.js';
import { type EraCatalogue, listEra, listOnce } from './list-era.js';

/** The eras that an upstream speaks, the modern one first; there is at least one. */
export interface VisitedEras {
  catalogues: EraCatalogue[];
  warnings: HandshakeWarning[];
}

/** How to visit an upstream, by the transport that the order names. */
const BY_TRANSPORT: Record<Transport, (visits: Visits) => Promise<VisitedEras>> = {
  'streamable-http': visitBoth,
  sse: async (visits) => {
    const found = await visitSse(visits);
    if (found === undefined) throw new HandshakeFailure('not_an_mcp_server');
    return found;
  },
  auto: async (visits) => {
    try {
      return await visitBoth(visits);
    } catch (error) {
      const older = mayBeOlder(error) ? await visitSse(visits) : undefined;
      if (older === undefined) throw error;
      return older;
    }
  },
};

/**
 * Lists every era that an upstream speaks.
 * @throws HandshakeFailure if there is none
 */
export function visitEras(transport: Transport, visits: Visits): Promise<VisitedEras> {
  return BY_TRANSPORT[transport](visits);
}

/** An era that was listed, or why it was not; `undefined` if the upstream does not speak it. */
type Visited = EraCatalogue | HandshakeFailure | undefined;

async function visitBoth(visits: Visits): Promise<VisitedEras> {
  const { deadline } = visits;
  const first = await beforeDeadline(deadline, visits.openModern());
  const isModern = first !== undefined && !(first instanceof HandshakeFailure);
  const [modern, legacy] = await Promise.all([
    isModern ? settled(beforeDeadline(deadline, listEra(first, visits))) : first,
    settled(beforeDeadline(deadline, visitLegacy(visits, isModern))),
  ]);
  const visited = { modern, legacy };
  const catalogues = Object.values(visited).filter((each) => isCatalogue(each));
  if (catalogues.length === 0) throw failureOfBoth(modern, legacy);
  return { catalogues, warnings: [...warningOf('modern', modern), ...warningOf('legacy', legacy)] };
}

async function visitLegacy(visits: Visits, isSecond: boolean): Promise<EraCatalogue | undefined> {
  const connection = await visits.openLegacy(isSecond);
  return connection && listEra(connection, visits);
}

async function visitSse(visits: Visits): Promise<VisitedEras | undefined> {
  const connection = await beforeDeadline(visits.deadline, visits.openSse());
  if (connection === undefined) return undefined;
  return { catalogues: [await beforeDeadline(visits.deadline, listOnce(connection))], warnings: [] };
}

/** The failure of the first era, unless only the second one answered in time. */
function failureOfBoth(first: Visited, second: Visited): HandshakeFailure {
  const failures = [first, second].filter((each) => each instanceof HandshakeFailure);
  const answered = failures.find(({ code }) => code !== 'upstream_timeout');
  return answered ?? failures[0] ?? new HandshakeFailure('not_an_mcp_server');
}

function isCatalogue(visited: Visited): visited is EraCatalogue {
  return visited !== undefined && !(visited instanceof HandshakeFailure);
}

function warningOf(era: Era, visited: Visited): HandshakeWarning[] {
  return visited instanceof HandshakeFailure ? [failureWarning('era_failed', era, visited)] : [];
}

/**
 * Whether the upstream may be an HTTP+SSE server: those reject a POST to this URL with one of these statuses.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#backwards-compatibility
 */
function mayBeOlder(error: unknown): boolean {
  const isNothingKnown = error instanceof HandshakeFailure && error.code === 'not_an_mcp_server';
  return isNothingKnown && [400, 404, 405].includes(error.detail.httpStatus ?? 0);
}
