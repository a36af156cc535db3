import type { Era } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { gatewayText } from '../protocol/error-facts.js';
import { messageOf } from '../protocol/error-messages.js';
import type { IdentifiedRequest } from '../request/mcp-request.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

/** A gateway that calls of this client do not reach, or that has no session in the client's token, and why. */
export interface OmittedGateway {
  readonly gateway: Gateway;
  /** Undefined if the upstream opened no session though it responded. */
  readonly why: LetheError | undefined;
  /** Whether the upstream was asked without any credential. */
  readonly isAnonymous: boolean;
}

const ADVICE =
  'Ask the user to configure their MCP client so, and to connect again. Do not ask for a credential itself.';

/** Tells the model of a client which gateways its session lacks. It names headers, never a value. Undefined if it lacks none. */
export function sessionNotice(server: VirtualServer, omitted: readonly OmittedGateway[]): string | undefined {
  return notice('Not reached when this session began:', server, omitted);
}

/** The same for a client without a session: which gateways it can't call with the headers of this request. */
export function discoveryNotice(request: IdentifiedRequest): string | undefined {
  const { server } = request.caller;
  return notice('Can not be called now:', server, gatewaysWithoutCredential(request, server.gateways, 'modern'));
}

/** Those whose calls lack a credential with the headers of this request, or can't use what was sent. No upstream is asked. */
export function gatewaysWithoutCredential(
  { caller, headers }: IdentifiedRequest,
  gateways: readonly Gateway[],
  era: Era,
): OmittedGateway[] {
  return gateways.flatMap((gateway) => {
    try {
      UpstreamCredentials.forGateway(headers, caller, gateway, era);
      return [];
    } catch (error) {
      if (!(error instanceof LetheError)) throw error;
      const omitted = { gateway, why: error, isAnonymous: false };
      return concernsHeader(omitted) ? [omitted] : [];
    }
  });
}

function notice(title: string, server: VirtualServer, omitted: readonly OmittedGateway[]): string | undefined {
  if (omitted.length === 0) return undefined;
  const lines = omitted.map((one) => `- ${reasonOf(server, one)}${unsentHeaders(one)}.`);
  const advice = omitted.some(concernsHeader) ? [ADVICE] : [];
  return [title, ...lines, ...advice].join('\n');
}

function reasonOf(server: VirtualServer, { gateway, why }: OmittedGateway): string {
  return why ? messageOf(why, server) : `The upstream of ${gatewayText(gateway.slug, server)} opened no session`;
}

function unsentHeaders(omitted: OmittedGateway): string {
  if (!mayLackHeader(omitted)) return '';
  const headers = omitted.gateway.passthroughHeaders.map(({ exactName }) => exactName);
  return `; no credential was sent for it in the header ${headers.join(', ')}`;
}

/** Not every upstream says 401 where a credential is missing. */
function mayLackHeader({ gateway, why, isAnonymous }: OmittedGateway): boolean {
  const status = why?.code === 'upstream_failed' ? Number(why.detail['httpStatus']) : 0;
  return isAnonymous && gateway.passthroughHeaders.length > 0 && status >= 400 && status < 500;
}

function concernsHeader(omitted: OmittedGateway): boolean {
  return omitted.why?.detail['header'] !== undefined || mayLackHeader(omitted);
}
