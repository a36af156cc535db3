import type { Credential, EraFacts, Transport, UpstreamFacts, VerificationWarning } from '@lethe/contracts';
import { type UpstreamPolicy, valueNestsDeeperThan } from '@lethe/mcp';
import type { buildConnector } from 'undici';
import { canonicalJson, catalogueDigest, isCanonicalJson } from '@lethe/sealing';
import { credentialHeaders } from './client/credential-headers.js';
import { HandshakeConnections } from './client/handshake-connections.js';
import { HandshakeFailure } from './outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from './outcome/limits.js';
import { failureWarning } from './catalogue/failure-warning.js';
import { holdBackSchemas } from './catalogue/held-back-schemas.js';
import { hiddenTextWarnings } from './catalogue/hidden-text-warnings.js';
import type { EraCatalogue } from './catalogue/list-era.js';
import { mergeEras } from './catalogue/merge-eras.js';
import { visitEras, type VisitedEras } from './catalogue/visit-eras.js';
import { failureOf } from './client/network-error.js';
import type { DiscoveredCatalogue, HandshakeOutcome } from './outcome/outcome.js';
import { guardAgainstReflection, isReflection } from './secret-scan/reflection-guard.js';
import { Visits } from './eras/visits.js';

/** What a handshake may do: request one URL, within a time. */
export interface HandshakeTask {
  url: string;
  transport: Transport;
  policy: UpstreamPolicy;
  tlsCa?: string;
  timeoutMs: number;
}

/** Callbacks and connections of a handshake. */
export interface HandshakeOptions {
  /** Called before each request. */
  onRequest?: (count: number) => void;
  /** Opens connections. By default they go to the addresses that the task's policy allows. */
  connect?: buildConnector.connector;
}

/**
 * Visits an upstream once with a credential: lists everything in every era that it speaks, closes, scans for secrets.
 * Never rejects.
 */
export async function runHandshake(
  task: HandshakeTask,
  credential: Credential,
  options: HandshakeOptions = {},
): Promise<HandshakeOutcome> {
  const { headers, secrets } = credentialHeaders(credential);
  const deadline = AbortSignal.timeout(task.timeoutMs);
  const connections = new HandshakeConnections({ ...task, ...options, credentialHeaders: headers }, deadline);
  const visits = new Visits(connections, task.timeoutMs);
  try {
    const found = await discover(task, visits, secrets);
    await visits.ended();
    return { ...trace(connections), status: 'verified', ...found };
  } catch (error) {
    const failure = deadline.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
    return { ...trace(connections), status: 'failed', code: failure.code, ...detailWithoutSecret(failure, secrets) };
  } finally {
    await connections.destroy();
  }
}

/** The address in a redirect is the upstream's text, which may repeat the credential. */
function detailWithoutSecret({ detail }: HandshakeFailure, secrets: readonly string[]): HandshakeFailure['detail'] {
  const { registerUrl, ...rest } = detail;
  return registerUrl === undefined || isReflection(registerUrl, secrets) ? rest : detail;
}

function trace({ origins, requests }: HandshakeConnections): { origins: string[]; requests: number } {
  return { origins, requests };
}

async function discover(
  { transport }: HandshakeTask,
  visits: Visits,
  secrets: readonly string[],
): Promise<DiscoveredCatalogue> {
  const found = toCatalogue(await visitEras(transport, visits));
  const { facts, items, skipped, warnings } = found;
  guardAgainstReflection({ facts, items, skipped, warnings }, secrets);
  return found;
}

/** @throws HandshakeFailure if the facts can't be stored */
function toCatalogue(visited: VisitedEras): DiscoveredCatalogue {
  const { served, warnings } = withItems(visited);
  const [main, other] = served;
  if (!main) throw new HandshakeFailure('upstream_protocol_error');
  const facts: UpstreamFacts = { ...main.facts, ...(other && { otherEra: eraFacts(other) }) };
  if (valueNestsDeeperThan(facts, HANDSHAKE_LIMITS.maxFactsDepth) || !isCanonicalJson(facts)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  if (Buffer.byteLength(canonicalJson(facts)) > HANDSHAKE_LIMITS.maxFactsBytes) {
    if (!other) throw new HandshakeFailure('upstream_too_large');
    const warning = failureWarning('era_failed', other.facts.era, new HandshakeFailure('upstream_too_large'));
    return toCatalogue({ catalogues: [main], warnings: [...visited.warnings, warning] });
  }
  const { items: merged, skipped, counts } = mergeEras(main, other);
  const { items, warnings: heldBack } = holdBackSchemas(merged);
  const digest = catalogueDigest(facts, items);
  const hidden = hiddenTextWarnings(facts, items);
  return { facts, items, skipped, counts, warnings: [...warnings, ...heldBack, ...hidden], digest };
}

/**
 * An era that lists nothing is not served if the other one has items: the upstream does not mean what it answers there.
 */
function withItems({ catalogues, warnings }: VisitedEras): { served: EraCatalogue[]; warnings: VerificationWarning[] } {
  const hasItems = catalogues.some(({ items }) => items.length > 0);
  const dropped = catalogues.filter(({ items, skippedCount }) => hasItems && items.length + skippedCount === 0);
  const served = catalogues.filter((each) => !dropped.includes(each));
  const requested = catalogues.map(({ facts, requested: methods }) => ({ era: facts.era, methods }));
  return {
    served,
    warnings: [
      ...warnings,
      ...dropped.map(({ facts }) => ({ code: 'era_empty', era: facts.era }) as const),
      ...served.flatMap((each) => each.warnings),
      ...(hasItems ? [] : [{ code: 'catalogue_empty', requested } as const]),
    ],
  };
}

function eraFacts({ facts }: EraCatalogue): EraFacts {
  const { transport: _sameForBoth, ...rest } = facts;
  return rest;
}
