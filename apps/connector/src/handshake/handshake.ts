import type { Credential, Transport, UpstreamFacts } from '@lethe/contracts';
import { type UpstreamPolicy, valueNestsDeeperThan } from '@lethe/mcp';
import type { buildConnector } from 'undici';
import { canonicalJson, catalogueDigest, isCanonicalJson } from '@lethe/sealing';
import { useCredential } from './credential-headers.js';
import { Dialler } from './dialler.js';
import { HandshakeFailure } from './handshake-failure.js';
import { HANDSHAKE_LIMITS } from './limits.js';
import { listAll, type Listed } from './list-all.js';
import { failureOf } from './network-error.js';
import { openVisit } from './open-visit.js';
import type { FoundCatalogue, HandshakeOutcome } from './outcome.js';
import { guardAgainstReflection } from './reflection-guard.js';
import type { Visit } from './visit.js';

/** What a handshake may do: one URL, within a time. */
export interface HandshakeTask {
  url: string;
  transport: Transport;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
}

/** Who is told of a handshake, and what it may do otherwise than over the network. */
export interface HandshakeWays {
  /** Told at each request. */
  onRequest?: (count: number) => void;
  /** Opens connections; by the rules of the task when missing. */
  connect?: buildConnector.connector;
}

/** Visits an upstream once with a credential: finds the era, lists everything, closes, guards. Never throws. */
export async function shakeHands(
  task: HandshakeTask,
  credential: Credential,
  ways: HandshakeWays = {},
): Promise<HandshakeOutcome> {
  const { headers, secrets } = useCredential(credential);
  const deadline = AbortSignal.timeout(task.timeoutMs);
  const dialler = new Dialler({ ...task, ...ways, credentialHeaders: headers }, deadline);
  try {
    const found = await before(deadline, visitUpstream(task, dialler, secrets));
    return { ...trace(dialler), status: 'verified', ...found };
  } catch (error) {
    const { code, detail } = deadline.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
    return { ...trace(dialler), status: 'failed', code, ...detail };
  } finally {
    await dialler.end();
  }
}

function trace(dialler: Dialler): { origins: string[]; requests: number } {
  return { origins: dialler.origins, requests: dialler.requests };
}

async function visitUpstream(
  { transport, url }: HandshakeTask,
  dialler: Dialler,
  secrets: readonly string[],
): Promise<FoundCatalogue> {
  const visit = await openVisit(transport, url, dialler);
  // Whatever the lists bring, the upstream is not left with an open session.
  const listed = await listAll(visit).finally(() => visit.close());
  const found = toCatalogue(visit, listed);
  guardAgainstReflection({ facts: found.facts, items: found.items, skipped: found.skipped }, secrets);
  return found;
}

function toCatalogue(visit: Visit, { catalogue, listScope }: Listed): FoundCatalogue {
  const facts: UpstreamFacts = { ...visit.facts, listScope };
  if (valueNestsDeeperThan(facts, HANDSHAKE_LIMITS.maxFactsDepth) || !isCanonicalJson(facts)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  if (Buffer.byteLength(canonicalJson(facts)) > HANDSHAKE_LIMITS.maxFactsBytes) {
    throw new HandshakeFailure('upstream_too_large');
  }
  const { items, skipped, counts } = catalogue;
  return { facts, items, skipped, counts, digest: catalogueDigest(facts, items) };
}

/** Whatever an SDK still waits for, the deadline ends it. */
function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new HandshakeFailure('upstream_timeout')), { once: true });
    work.then(resolve, reject);
  });
}
