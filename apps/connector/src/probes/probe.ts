import type { ProbeOrder, ProbeReport } from '@lethe/contracts';
import { networkFailure } from '@lethe/egress';
import { urlToRegister, type UpstreamPolicy } from '@lethe/mcp';
import { authorizationOf, challengeOf } from './probe-authorization.js';
import { type ProbeAnswer, ProbeClient, ProbeRefused } from '../discovery/probe-client.js';
import { lookForLegacy, lookForModern, lookForSse, type Sighting } from '../discovery/probe-eras.js';
import { PROBE_LIMITS } from '../discovery/probe-limits.js';

type Found = Omit<ProbeReport, 'url' | 'tls' | 'requests' | 'durationMs'>;

/** Looks at a URL without a credential. Never throws: what fails is in the report. */
export async function probe({ url, transport }: ProbeOrder, policy: UpstreamPolicy): Promise<ProbeReport> {
  const client = new ProbeClient({ policy }, PROBE_LIMITS);
  const began = performance.now();
  const found = await look(client, url, transport).catch(unreachable);
  await client.close();
  return {
    url,
    ...found,
    ...(client.tls && { tls: client.tls }),
    requests: client.requests,
    durationMs: Math.round(performance.now() - began),
  };
}

async function look(client: ProbeClient, url: string, transport: ProbeOrder['transport']): Promise<Found> {
  const sightings: Sighting[] = [];
  const steps = [
    ...(transport === 'sse' ? [] : [lookForModern, lookForLegacy]),
    ...(transport === 'streamable-http' ? [] : [lookForSse]),
  ];
  for (const step of steps) {
    const isFound = sightings.some(({ era }) => era !== undefined);
    if (step === lookForSse && isFound) continue;
    const sighting = await step(client, url);
    sightings.push(sighting);
    const { answer } = sighting;
    if (answer.httpStatus === 401) return withChallenge(client, url, answer, sightings);
    if (answer.httpStatus >= 300 && answer.httpStatus < 400) return redirected(url, answer);
  }
  const seen = toSeen(sightings);
  const httpStatus = sightings.at(-1)?.answer.httpStatus;
  return seen.eras.length > 0 ? { outcome: 'open', ...seen } : { outcome: 'not_mcp', httpStatus, ...seen };
}

async function withChallenge(
  client: ProbeClient,
  url: string,
  { headers, httpStatus }: ProbeAnswer,
  sightings: readonly Sighting[],
): Promise<Found> {
  const challenge = challengeOf(headers);
  const authorization = await authorizationOf(client, url, headers);
  return {
    outcome: 'credential_required',
    httpStatus,
    ...toSeen(sightings),
    challenge,
    ...(authorization && { authorization }),
  };
}

function redirected(url: string, { headers, httpStatus }: ProbeAnswer): Found {
  const { location } = headers;
  const target = typeof location === 'string' && URL.canParse(location, url) ? new URL(location, url) : undefined;
  const registerUrl = urlToRegister(url, httpStatus, headers);
  return {
    outcome: 'redirected',
    httpStatus,
    eras: [],
    ...(target && target.origin !== 'null' && { redirectsTo: target.origin }),
    ...(registerUrl !== undefined && { registerUrl }),
  };
}

function toSeen(sightings: readonly Sighting[]): Pick<Found, 'eras' | 'transport' | 'serverName'> {
  const named = sightings.find(({ serverName }) => serverName !== undefined);
  const carried = sightings.find(({ transport }) => transport !== undefined);
  return {
    eras: sightings.flatMap(({ era }) => era ?? []),
    ...(carried && { transport: carried.transport }),
    ...(named && { serverName: named.serverName }),
  };
}

function unreachable(error: unknown): Found {
  const why = error instanceof ProbeRefused ? error.code : (networkFailure(error) ?? 'response_timeout');
  return { outcome: 'unreachable', why, eras: [] };
}
