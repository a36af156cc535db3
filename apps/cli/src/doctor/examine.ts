import { VERSION } from '@lethe/platform';
import { KnownFingerprints } from '../credential/known-fingerprints.js';
import { CliError } from '../errors/cli.error.js';
import { exchange } from '../registry/exchange.js';
import { findProxyUrl } from '../registry/find-registry.js';
import { readyResponse, statusResponse, type StatusResponse } from '../registry/inspection-responses.js';
import { keyResponse } from '../registry/key-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { connectorsResponse, gatewayResponse, serverResponse, verificationResponse } from '../registry/responses.js';
import type { CliSettings } from '../settings/cli-settings.config.js';
import { type ExaminedGateway, gatewayFindings, keyFindings, serverFindings } from './content-checks.js';
import { type Finding, ok } from './finding.js';
import { closedProxies, keptFindings, unusableIn } from './kept-checks.js';
import { loginFindings } from './login-checks.js';
import {
  connectorFindings,
  failureFinding,
  proxyFindings,
  publicUrlFindings,
  readinessFindings,
  trustFindings,
  versionFindings,
} from './registry-checks.js';

const PROBE_TIMEOUT_MS = 5_000;
/** Verifications that are read to find out how old they are. */
const MAX_VERIFICATIONS = 100;

/** Gives the client of the registry that is examined. @throws CliError if flags and settings select none */
export type ConnectRegistry = () => Promise<RegistryClient>;

/** Examines a set-up in the order in which its parts need each other. What a failed check hides is not examined. */
export async function examine(settings: CliSettings, connect: ConnectRegistry): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    const client = await connect();
    findings.push(...(await reachable(client)));
    const status = await client.request(statusResponse, 'GET', '/status');
    findings.push(ok('token', 'The registry accepts the administrator token'));
    findings.push(...versionFindings(status, VERSION, new Date()));
    findings.push(...(await trust(settings, client)), ...connectorFindings(status), ...proxyFindings(status));
    findings.push(...(await publicUrl(settings, client, status.publicUrl)));
    findings.push(...(await contents(client, status)));
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    findings.push(failureFinding(CHECK_OF_CODE[error.code] ?? 'registry', error));
  }
  return findings;
}

const CHECK_OF_CODE: Record<string, string> = {
  token_unknown: 'token',
  token_file: 'token',
  unauthenticated: 'token',
  role_required: 'token',
  database_unavailable: 'readiness',
};

async function reachable({ address: { url } }: RegistryClient): Promise<Finding[]> {
  const answer = await get(`${url}/readyz`);
  if (!answer) return [];
  const report = readyResponse.safeParse(jsonOf(answer.text));
  return [ok('registry', `The registry answers at ${url}`), ...readinessFindings(report.data?.checks ?? {})];
}

async function trust(settings: CliSettings, client: RegistryClient): Promise<Finding[]> {
  const { items } = await client.request(connectorsResponse, 'GET', '/connectors');
  const active = items.filter(({ state }) => state === 'active').map(({ fingerprint }) => fingerprint);
  return trustFindings(active, await new KnownFingerprints(settings.knownConnectorsFile).of(client.address.url));
}

async function publicUrl(settings: CliSettings, client: RegistryClient, told: string | null): Promise<Finding[]> {
  const url = told ?? (await findProxyUrl(settings, client.address));
  const answer = url === undefined ? undefined : await get(`${url.replace(/\/+$/, '')}/livez`);
  return publicUrlFindings(url, told !== null, answer?.status);
}

async function contents(client: RegistryClient, status: StatusResponse): Promise<Finding[]> {
  const gateways = await client.list(gatewayResponse, '/gateways');
  const examined: ExaminedGateway[] = [];
  for (const [index, gateway] of gateways.entries()) {
    const { id, lastVerification: last } = gateway;
    const isRead = last?.state === 'verified' && index < MAX_VERIFICATIONS;
    const path = `/gateways/${id}/verifications/${last?.id}`;
    const verification = isRead ? await client.request(verificationResponse, 'GET', path) : undefined;
    const verifiedAt = verification?.finishedAt ? new Date(verification.finishedAt) : undefined;
    examined.push({ gateway, verifiedAt });
  }
  const now = new Date();
  const servers = await client.list(serverResponse, '/servers');
  return [
    ...gatewayFindings(examined, now),
    ...closedProxies(status, gateways),
    ...keptFindings(gateways, now),
    ...loginFindings(gateways),
    ...servers.flatMap((server) => unusableIn(server, gateways)),
    ...serverFindings(servers),
    ...keyFindings(await client.list(keyResponse, '/keys'), now),
  ];
}

/** Without a token; undefined if nothing answers. */
async function get(url: string): Promise<{ status: number; text: string } | undefined> {
  const request = { method: 'GET', headers: {}, body: undefined, timeoutMs: PROBE_TIMEOUT_MS };
  return exchange(url, request).catch(() => undefined);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
