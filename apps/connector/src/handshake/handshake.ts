import type { Credential, Transport, UpstreamFacts } from '@lethe/contracts';
import { type UpstreamPolicy, valueNestsDeeperThan } from '@lethe/mcp';
import type { buildConnector } from 'undici';
import { canonicalJson, catalogueDigest, isCanonicalJson } from '@lethe/sealing';
import { credentialHeaders } from './client/credential-headers.js';
import { GuardedClient } from './client/guarded-client.js';
import { HandshakeFailure } from './outcome/handshake-failure.js';
import { HANDSHAKE_LIMITS } from './outcome/limits.js';
import { holdBackSchemas } from './catalogue/held-back-schemas.js';
import { listAll, type ListedCatalogue } from './catalogue/list-all.js';
import { failureOf } from './client/network-error.js';
import { openConnection } from './eras/open-connection.js';
import type { DiscoveredCatalogue, HandshakeOutcome } from './outcome/outcome.js';
import { guardAgainstReflection } from './secret-scan/reflection-guard.js';
import type { UpstreamConnection } from './eras/upstream-connection.js';

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
 * Connects to an upstream once with a credential: detects the era, lists everything, closes, scans for secrets. Never
 * rejects.
 */
export async function runHandshake(
  task: HandshakeTask,
  credential: Credential,
  options: HandshakeOptions = {},
): Promise<HandshakeOutcome> {
  const { headers, secrets } = credentialHeaders(credential);
  const deadline = AbortSignal.timeout(task.timeoutMs);
  const http = new GuardedClient({ ...task, ...options, credentialHeaders: headers }, deadline);
  try {
    const found = await beforeDeadline(deadline, discover(task, http, secrets));
    return { ...trace(http), status: 'verified', ...found };
  } catch (error) {
    const { code, detail } = deadline.aborted ? new HandshakeFailure('upstream_timeout') : failureOf(error);
    return { ...trace(http), status: 'failed', code, ...detail };
  } finally {
    await http.destroy();
  }
}

function trace(http: GuardedClient): { origins: string[]; requests: number } {
  return { origins: http.origins, requests: http.requests };
}

async function discover(
  { transport, url }: HandshakeTask,
  http: GuardedClient,
  secrets: readonly string[],
): Promise<DiscoveredCatalogue> {
  const connection = await openConnection(transport, url, http);
  // The session is ended even if listing fails.
  const listed = await listAll(connection).finally(() => connection.close());
  const found = toCatalogue(connection, listed);
  const { facts, items, skipped, warnings } = found;
  guardAgainstReflection({ facts, items, skipped, warnings }, secrets);
  return found;
}

function toCatalogue(connection: UpstreamConnection, { catalogue, listScope }: ListedCatalogue): DiscoveredCatalogue {
  const facts: UpstreamFacts = { ...connection.facts, listScope };
  if (valueNestsDeeperThan(facts, HANDSHAKE_LIMITS.maxFactsDepth) || !isCanonicalJson(facts)) {
    throw new HandshakeFailure('upstream_protocol_error');
  }
  if (Buffer.byteLength(canonicalJson(facts)) > HANDSHAKE_LIMITS.maxFactsBytes) {
    throw new HandshakeFailure('upstream_too_large');
  }
  const { skipped, counts } = catalogue;
  const { items, warnings } = holdBackSchemas(catalogue.items);
  return { facts, items, skipped, counts, warnings, digest: catalogueDigest(facts, items) };
}

/** The deadline ends the work, whatever an SDK is waiting for. */
function beforeDeadline<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    deadline.addEventListener('abort', () => reject(new HandshakeFailure('upstream_timeout')), { once: true });
    work.then(resolve, reject);
  });
}
