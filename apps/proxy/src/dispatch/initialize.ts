import { clientInfoFrom } from '@lethe/mcp';
import type { JsonObject } from '@lethe/contracts';
import { LetheError, mapConcurrent } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { DecodedRequest, McpCall } from '../request/mcp-request.js';
import { serverInfoOf } from '../protocol/list-metadata.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { legacyCapabilities, sessionClientCapabilities } from '../protocol/capabilities.js';
import { sealSession, type SessionClaims, sessionTtlSeconds } from '../sessions/session-token.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';

const SESSIONS_AT_ONCE = 8;

/** The client info of a client that declared none. */
const UNKNOWN_CLIENT = { name: 'client', version: '0' };

/** The result of `initialize`, and the token that contains the session. */
export interface InitializeResponse {
  readonly resultJson: string;
  readonly token: string;
}

type DeclaredClient = Pick<SessionClaims, 'clientInfo' | 'clientCapabilities'>;
type UpstreamEntry = [slug: string, session: SessionClaims['upstream'][string]];

/** Answers `initialize`: opens upstream sessions, and names the gateways that failed in the instructions. */
export class Initialize {
  constructor(
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sealer: Sealer,
  ) {}

  /** @throws LetheError `credential_ambiguous`, `credential_malformed`, `session_too_large` */
  async respond(call: McpCall): Promise<InitializeResponse> {
    const { caller, version, message, headers } = call;
    const client = {
      clientInfo: clientInfoFrom(message.params['clientInfo'], UNKNOWN_CLIENT),
      clientCapabilities: sessionClientCapabilities(message.params['capabilities']),
    };
    const gateways = caller.server.gateways.filter(
      ({ servedIn }) => servedIn.legacy.era === 'legacy' && servedIn.legacy.isSessionful,
    );
    const credentials = gateways.flatMap(
      (gateway) => UpstreamCredentials.trySelect(headers, caller, gateway, 'legacy') ?? [],
    );
    const entries = await mapConcurrent(SESSIONS_AT_ONCE, credentials, (each) => this.open(each, version, client));
    const upstream = Object.fromEntries(entries.filter((entry) => entry !== undefined));
    const omitted = gateways.map(({ slug }) => slug).filter((slug) => !Object.hasOwn(upstream, slug));
    const iat = Math.floor(Date.now() / 1000);
    const exp = iat + sessionTtlSeconds(caller);
    const claims = { v: 1, iat, exp, protocolVersion: version, ...client, upstream } as const;
    return {
      resultJson: JSON.stringify(resultOf(call, omitted)),
      token: sealSession(this.sealer, claims, caller),
    };
  }

  /** Undefined for an upstream that failed, or that keeps no session. */
  private async open(
    credentials: UpstreamCredentials,
    version: string,
    { clientInfo, clientCapabilities }: DeclaredClient,
  ): Promise<UpstreamEntry | undefined> {
    const { slug, configRevision } = credentials.access.gateway;
    try {
      const session = await this.upstreamSessions.open(credentials, version, clientInfo, clientCapabilities);
      return session.id === undefined ? undefined : [slug, [session.id, session.version, configRevision]];
    } catch (error) {
      if (error instanceof LetheError) return undefined;
      throw error;
    }
  }
}

function resultOf({ caller, version }: DecodedRequest, omitted: readonly string[]): JsonObject {
  const { server } = caller;
  const notice = omitted.length === 0 ? undefined : `Not reached when this session began: ${omitted.join(', ')}.`;
  const instructions = [server.manifest.instructions, notice].filter((text) => text !== undefined && text !== '');
  return {
    protocolVersion: version,
    capabilities: legacyCapabilities(server),
    serverInfo: serverInfoOf(server),
    ...(instructions.length > 0 && { instructions: instructions.join('\n\n') }),
  };
}
