import { clientInfoFrom } from '@lethe/mcp';
import { type JsonObject, MAX_SESSIONFUL_GATEWAYS } from '@lethe/contracts';
import { LetheError, mapConcurrent, nowSeconds } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import type { DecodedRequest, McpCall } from '../request/mcp-request.js';
import { instructionsFor, joinInstructions } from '../protocol/instructions.js';
import { identityOf } from '../protocol/server-identity.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { legacyCapabilities, sessionClientCapabilities } from '../protocol/capabilities.js';
import { sealSession, type SessionClaims, type SessionPart, sessionTtlSeconds } from '../sessions/session-token.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import { type OmittedGateway, sessionNotice, gatewaysWithoutCredential } from './session-notice.js';

/** The client info of a client that declared none. */
const UNKNOWN_CLIENT = { name: 'client', version: '0' };

/** The result of `initialize`, and the token that contains the session. */
export interface InitializeResponse {
  readonly resultJson: string;
  readonly token: string;
}

type DeclaredClient = Pick<SessionClaims, 'clientInfo' | 'clientCapabilities'>;
type UpstreamEntry = [slug: string, session: SessionPart];

/** Answers `initialize`: opens upstream sessions, and says in the instructions which gateways failed and why. */
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
    const { gateways } = caller.server;
    const others = gateways.filter((gateway) => !keepsSessions(gateway));
    const selected = gateways.filter(keepsSessions).map((gateway) => ({
      gateway,
      found: UpstreamCredentials.selectOrReason(headers, caller, gateway, 'legacy'),
    }));
    const opened = await mapConcurrent(MAX_SESSIONFUL_GATEWAYS, selected, async ({ gateway, found }) =>
      found instanceof LetheError ? { gateway, why: found, isAnonymous: false } : this.open(found, version, client),
    );
    const upstream = Object.fromEntries(opened.flatMap((one) => (isOmitted(one) ? [] : [one])));
    const iat = nowSeconds();
    const exp = iat + sessionTtlSeconds(caller);
    const claims = { v: 1, iat, exp, protocolVersion: version, ...client, upstream } as const;
    return {
      resultJson: JSON.stringify(
        resultOf(call, [...opened.filter(isOmitted), ...gatewaysWithoutCredential(call, others, 'legacy')]),
      ),
      token: sealSession(this.sealer, claims, caller),
    };
  }

  /** Returns why there is no session if the upstream failed, or keeps none. */
  private async open(
    credentials: UpstreamCredentials,
    version: string,
    { clientInfo, clientCapabilities }: DeclaredClient,
  ): Promise<UpstreamEntry | OmittedGateway> {
    const { gateway } = credentials.access;
    const omitted = { gateway, why: undefined, isAnonymous: credentials.isEmpty };
    try {
      const session = await this.upstreamSessions.open(credentials, version, clientInfo, clientCapabilities);
      if (session.id === undefined) return omitted;
      const part = [session.id, session.version, gateway.configRevision] as const;
      return [gateway.slug, credentials.isKept ? [...part, 1] : part];
    } catch (error) {
      if (error instanceof LetheError) return { ...omitted, why: error };
      throw error;
    }
  }
}

function keepsSessions({ servedIn: { legacy } }: Gateway): boolean {
  return legacy.era === 'legacy' && legacy.isSessionful;
}

function isOmitted(opened: UpstreamEntry | OmittedGateway): opened is OmittedGateway {
  return 'gateway' in opened;
}

function resultOf({ caller, version }: DecodedRequest, omitted: readonly OmittedGateway[]): JsonObject {
  const { server } = caller;
  const instructions = joinInstructions([instructionsFor(server, 'legacy'), sessionNotice(server, omitted)]);
  return {
    protocolVersion: version,
    capabilities: legacyCapabilities(server),
    serverInfo: identityOf(server, 'legacy'),
    ...(instructions !== undefined && { instructions }),
  };
}
