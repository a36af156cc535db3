import type { Credential, EraFacts, UpstreamFacts, HandshakeWarning } from '@lethe/contracts';
import { valueNestsDeeperThan } from '@lethe/mcp';
import type { buildConnector } from 'undici';
import { canonicalJson, catalogueDigest, isCanonicalJson } from '@lethe/sealing';
import { clientSecrets, obtainToken, type SendableCredential, withToken } from '@lethe/oauth';
import { credentialParts } from './client/credential-parts.js';
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
import type { FoundOAuth } from '../discovery/oauth-discovery.js';
import { type OnRequest, SentRequests } from '../discovery/sent-requests.js';
import type { HandshakeTask } from './client/handshake-task.js';
import type { DiscoveredCatalogue, HandshakeOutcome } from './outcome/outcome.js';
import { guardAgainstReflection, isReflection } from './secret-scan/reflection-guard.js';
import { Visits } from './eras/visits.js';

/** Callbacks and connections of a handshake. */
export interface HandshakeOptions {
  onRequest?: OnRequest;
  /** What is being found out without the credential. */
  discovery?: Promise<FoundOAuth>;
  /** Opens connections. By default they go to the addresses that the task's policy allows. */
  connect?: buildConnector.connector;
}

/**
 * Visits an upstream once with a credential: lists everything in every era that it speaks, closes, scans for secrets.
 * OAuth client credentials are exchanged for an access token before. Never rejects.
 */
export async function runHandshake(
  task: HandshakeTask,
  credential: Credential,
  { onRequest, ...options }: HandshakeOptions = {},
): Promise<HandshakeOutcome> {
  const sent = new SentRequests(onRequest);
  const startedAt = Date.now();
  try {
    const { sendable, secrets } = await toSendable(task, credential, sent);
    const timeoutMs = Math.max(1, task.timeoutMs - (Date.now() - startedAt));
    return await visit({ ...task, ...options, timeoutMs }, sendable, secrets, sent);
  } catch (error) {
    const { code, detail } = failureOf(error);
    return { ...trace(sent), status: 'failed', code, ...detail };
  }
}

/** The credential as it can be sent, and the secrets that it was made of. */
async function toSendable(
  { policy, tlsCa, timeoutMs }: HandshakeTask,
  credential: Credential,
  sent: SentRequests,
): Promise<{ sendable: SendableCredential; secrets: string[] }> {
  if (credential.scheme !== 'oauth_client_credentials') return { sendable: credential, secrets: [] };
  const { token } = await obtainToken(credential, {
    ...{ policy, tlsCa, timeoutMs: Math.floor(timeoutMs * HANDSHAKE_LIMITS.tokenShare), userAgent: 'lethe-connector' },
    onSend: () => sent.add(credential.tokenUrl),
  });
  // Authorization server and upstream may be one program, which may repeat these.
  return { sendable: withToken(credential, token), secrets: [token, ...clientSecrets(credential)] };
}

type VisitTask = HandshakeTask & Pick<HandshakeOptions, 'connect' | 'discovery'>;

async function visit(
  task: VisitTask,
  sendable: SendableCredential,
  further: readonly string[],
  sent: SentRequests,
): Promise<HandshakeOutcome> {
  const credential = credentialParts(sendable);
  const secrets = [...credential.secrets, ...further];
  const deadline = AbortSignal.timeout(task.timeoutMs);
  const connections = new HandshakeConnections({ ...task, credential, sent }, deadline);
  const visits = new Visits(connections, task.timeoutMs);
  try {
    const found = await discover(task, visits, secrets);
    await visits.ended();
    return { ...trace(sent), status: 'verified', ...found };
  } catch (error) {
    const failure = deadline.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
    return { ...trace(sent), status: 'failed', code: failure.code, ...detailWithoutSecret(failure, secrets) };
  } finally {
    await connections.destroy();
  }
}

/** The address in a redirect is the upstream's text, which may repeat the credential. */
function detailWithoutSecret({ detail }: HandshakeFailure, secrets: readonly string[]): HandshakeFailure['detail'] {
  const { registerUrl, ...rest } = detail;
  return registerUrl === undefined || isReflection(registerUrl, secrets) ? rest : detail;
}

function trace({ origins, count }: SentRequests): { origins: string[]; requests: number } {
  return { origins, requests: count };
}

async function discover(
  { transport, discovery }: VisitTask,
  visits: Visits,
  secrets: readonly string[],
): Promise<DiscoveredCatalogue> {
  const visited = await visitEras(transport, visits);
  const found = toCatalogue(visited, (await discovery) ?? {});
  const { facts, items, skipped, warnings } = found;
  guardAgainstReflection({ facts, items, skipped, warnings }, secrets);
  return found;
}

/** @throws HandshakeFailure if the facts can't be stored */
function toCatalogue(visited: VisitedEras, { oauth, problem }: FoundOAuth): DiscoveredCatalogue {
  const { served, warnings } = withItems(visited);
  const [main, other] = served;
  if (!main) throw new HandshakeFailure('upstream_protocol_error');
  const facts: UpstreamFacts = {
    ...main.facts,
    ...(oauth && { oauth }),
    ...(other && { otherEra: eraFacts(other) }),
  };
  if (valueNestsDeeperThan(facts, HANDSHAKE_LIMITS.maxFactsDepth) || !isCanonicalJson(facts)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  if (Buffer.byteLength(canonicalJson(facts)) > HANDSHAKE_LIMITS.maxFactsBytes) {
    if (!other) throw new HandshakeFailure('upstream_too_large');
    const warning = failureWarning('era_failed', other.facts.era, new HandshakeFailure('upstream_too_large'));
    return toCatalogue({ catalogues: [main], warnings: [...visited.warnings, warning] }, { oauth, problem });
  }
  const { items: merged, skipped, counts } = mergeEras(main, other);
  const { items, warnings: heldBack } = holdBackSchemas(merged);
  const digest = catalogueDigest(facts, items);
  const hidden = hiddenTextWarnings(facts, items);
  const found = { facts, items, skipped, counts, warnings: [...warnings, ...heldBack, ...hidden], digest };
  return { ...found, ...(problem !== undefined && { authorizationProblem: problem }) };
}

/**
 * An era that lists nothing is not served if the other one has items: the upstream does not mean what it answers there.
 */
function withItems({ catalogues, warnings }: VisitedEras): { served: EraCatalogue[]; warnings: HandshakeWarning[] } {
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
