import { ERRORS, type LetheError } from '@lethe/platform';
import type { Gateway } from '../routes/table/gateway.js';

/** A gateway without a session in the client's token, and why. */
export interface OmittedGateway {
  readonly gateway: Gateway;
  /** Undefined if the upstream opened no session though it responded. */
  readonly why: LetheError | undefined;
  /** Whether the client sent a credential for this gateway. */
  readonly hasCredential: boolean;
}

const ADVICE =
  'Ask the user to configure their MCP client so, and to connect again. Do not ask for a credential itself.';

/** Tells the model of a client which gateways its session lacks. It names headers, never a value. Undefined if it lacks none. */
export function sessionNotice(omitted: readonly OmittedGateway[]): string | undefined {
  if (omitted.length === 0) return undefined;
  const lines = omitted.map((one) => `- ${one.gateway.name}: ${reasonOf(one)}`);
  const advice = omitted.some(concernsHeader) ? [ADVICE] : [];
  return ['Not reached when this session began:', ...lines, ...advice].join('\n');
}

function reasonOf(omitted: OmittedGateway): string {
  const { why, hasCredential } = omitted;
  if (!why) return 'The upstream opened no session.';
  if (!isAboutCredential(omitted)) return `${ERRORS[why.code].message}.`;
  if (!concernsHeader(omitted)) return 'The upstream requires a credential, but its gateway maps no header for one.';
  const headers = headersOf(omitted).join(', ');
  return hasCredential
    ? `The upstream rejected the credential that the MCP client sent in the header ${headers}.`
    : `No credential was sent. The MCP client must send the user's own in the header ${headers}.`;
}

function isAboutCredential({ why }: OmittedGateway): boolean {
  return why?.code === 'credential_required' || why?.code === 'upstream_rejected_credential';
}

function concernsHeader(omitted: OmittedGateway): boolean {
  return isAboutCredential(omitted) && headersOf(omitted).length > 0;
}

/** The missing header; or all of the gateway, as an upstream does not say which of them it rejects. */
function headersOf({ gateway, why }: OmittedGateway): string[] {
  const missing = why?.detail['header'];
  return typeof missing === 'string' ? [missing] : gateway.passthroughHeaders.map(({ exactName }) => exactName);
}
