import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { type CredentialFlags, credentialKind } from '../credential/credential-kind.js';
import { KnownConnectors } from '../credential/known-connectors.js';
import { obtainCredential } from '../credential/obtain-credential.js';
import { trustedConnectors } from '../credential/trusted-connectors.js';
import { type GatewayResponse, gatewayResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';
import type { Terminal } from '../terminal/terminal.js';
import { notVerified } from '../verification/outcome-text.js';
import { readReceipt } from '../verification/read-receipt.js';
import { receiptText } from '../verification/receipt-text.js';
import { reviewText } from '../verification/review-text.js';
import { warningText } from '../verification/warning-text.js';
import { runVerification } from '../verification/run-verification.js';

/** Flags of `lethe verify`. */
export interface VerifyFlags extends CommonFlags, CredentialFlags {
  /** A fingerprint that the user compared over another channel. */
  connectorFingerprint?: string;
}

/** `lethe verify <gateway>`: verifies a registered gateway. Shows its URL before it asks for the credential. */
export async function verifyGateway(context: RunContext, reference: string, flags: VerifyFlags): Promise<void> {
  credentialKind(flags);
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags, terminal);
  const gateway = await client.request(gatewayResponse, 'GET', `/gateways/${encodeURIComponent(reference)}`);
  await verifyFor(context, client, terminal, gateway, gateway.pending?.url ?? gateway.url, flags);
}

/** Asks for the credential, seals it for exactly this URL and verifies. */
export async function verifyFor(
  context: RunContext,
  client: RegistryClient,
  terminal: Terminal,
  gateway: GatewayResponse,
  url: string,
  flags: VerifyFlags,
): Promise<void> {
  const known = new KnownConnectors(context.settings.knownConnectorsFile);
  const trusted = await trustedConnectors(client, known, terminal, flags.connectorFingerprint);
  const kind = credentialKind(flags);
  if (kind.scheme !== 'none') terminal.note(`The credential is for ${gateway.slug}: ${url}`);
  const credential = await obtainCredential(terminal, kind, flags.credentialStdin === true);
  await verifyWith(client, terminal, gateway, url, credential, trusted);
}

async function verifyWith(
  client: RegistryClient,
  terminal: Terminal,
  gateway: GatewayResponse,
  url: string,
  credential: Credential,
  trusted: Identity[],
): Promise<void> {
  const meant = { gatewayId: gateway.id, url };
  const verification = await runVerification(client, terminal, meant, credential, trusted);
  const signed = await readReceipt(verification, meant, trusted);
  if (verification.state === 'verified') terminal.print(`${gateway.slug} is verified.`);
  for (const warning of verification.warnings) terminal.print(`Warning: ${warningText(warning)}`);
  if (signed) for (const line of receiptText(signed)) terminal.print(line);
  for (const line of reviewText(verification, gateway.slug)) terminal.print(line);
  terminal.printJson({ gateway: { id: gateway.id, slug: gateway.slug, url }, verification, receipt: signed?.receipt });
  if (verification.state !== 'verified') throw notVerified(verification, gateway.slug);
}
