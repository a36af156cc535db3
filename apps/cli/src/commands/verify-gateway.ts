import { Readable } from 'node:stream';
import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { chosenKind, type CredentialFlags, differenceText, kindOfMappings } from '../credential/credential-kind.js';
import { KnownFingerprints } from '../credential/known-fingerprints.js';
import { trustedConnectors } from '../credential/trusted-connectors.js';
import { CliError } from '../errors/cli.error.js';
import { findGateway } from '../registry/find-by-reference.js';
import {
  changeResponse,
  type ChangeResponse,
  type GatewayResponse,
  type VerificationResponse,
} from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';
import type { Terminal } from '../terminal/terminal.js';
import { changeCounts, diffText } from '../verification/diff-text.js';
import { notVerified } from '../verification/outcome-text.js';
import { readReceipt } from '../verification/read-receipt.js';
import { receiptText } from '../verification/receipt-text.js';
import { reviewText } from '../verification/review-text.js';
import { warningText } from '../verification/warning-text.js';
import { runVerification } from '../verification/run-verification.js';
import { interruptible } from './interrupt.js';
import { withCredential } from './one-time-login.js';
import type { SignInFlags } from './sign-in-choices.js';
import { neededHeaders } from '@lethe/mcp';

/** Flags of `lethe verify`. */
export interface VerifyFlags extends CommonFlags, CredentialFlags, Omit<SignInFlags, 'credentialStdin'> {
  /** Name of the environment variable with the secrets, one line each. */
  credentialEnv?: string;
  /** End in an exit code of its own if the upstream has changed, or something waits for a review. */
  failOnDrift?: boolean;
  /** A fingerprint that the user compared over another channel. */
  connectorFingerprint?: string;
}

/** A verification that succeeded, and what differs from the one before. */
export interface VerifiedChanges {
  verification: VerificationResponse;
  changes: ChangeResponse[];
}

/** What a verification needs, once the credential is known. */
export interface ReadyToVerify {
  client: RegistryClient;
  terminal: Terminal;
  credential: Credential;
  trusted: Identity[];
}

/**
 * `lethe verify <gateway>`: verifies a registered gateway. Shows its URL before it asks for the credential, and without
 * flags asks for what callers send.
 */
export async function verifyGateway(context: RunContext, reference: string, flags: VerifyFlags): Promise<void> {
  const chosen = chosenKind(flags);
  const terminal = terminalFor(withSecrets(context, flags), flags);
  const client = await registryFor(context, flags);
  const gateway = await findGateway(client, reference, '<gateway>');
  const { url, passthroughHeaders: mappings } = gateway.pending ?? gateway;
  const trusted = await connectorsFor(context, client, terminal, flags);
  const kind = chosen ?? kindOfMappings(mappings);
  sayDifference(terminal, chosen && differenceText(kind, mappings));
  const recipient = `${gateway.slug}: ${url}`;
  const { oauthClient } = gateway;
  await withCredential(context, { client, terminal, kind, url, recipient, oauthClient, flags }, async (credential) => {
    const ready = { client, terminal, credential, trusted };
    try {
      const verification = await interruptible((signal) => verifyWith(ready, gateway, url, signal));
      if (flags.failOnDrift === true) refuseDrift(gateway.slug, verification);
    } catch (error) {
      if (error instanceof CliError && error.kind === 'drift') throw error;
      throw withNote(error, `The gateway stays as it was. To try again: lethe verify ${gateway.slug}`);
    }
  });
}

/** The connectors that the user trusts. */
export function connectorsFor(
  context: RunContext,
  client: RegistryClient,
  terminal: Terminal,
  { connectorFingerprint }: VerifyFlags,
): Promise<Identity[]> {
  const known = new KnownFingerprints(context.settings.knownConnectorsFile);
  return trustedConnectors(client, known, terminal, connectorFingerprint);
}

/** Seals the credential for exactly this URL, verifies, and prints what was found. */
export async function verifyWith(
  { client, terminal, credential, trusted }: ReadyToVerify,
  gateway: GatewayResponse,
  url: string,
  signal: AbortSignal,
): Promise<VerifiedChanges> {
  const intended = { gatewayId: gateway.id, url };
  const verification = await runVerification({ client, terminal, intended, credential, trusted, signal });
  const signed = await readReceipt(verification, intended, trusted);
  if (verification.state === 'verified') terminal.print(`${gateway.slug} is verified.`);
  for (const warning of verification.warnings) terminal.print(`Warning: ${warningText(warning)}`);
  if (signed) for (const line of receiptText(signed)) terminal.print(line);
  const changes = await changesOf(client, verification);
  if (changes.length > 0) terminal.print(`Changed since the last verification: ${changeCounts(changes)}`);
  for (const line of diffText(changes)) terminal.print(line);
  for (const line of reviewText(verification, gateway.slug)) terminal.print(line);
  terminal.printJson({
    gateway: { id: gateway.id, slug: gateway.slug, url, headers: neededHeaders([gateway], {}) },
    verification,
    changes,
    receipt: signed?.receipt,
  });
  if (verification.state !== 'verified') throw notVerified(verification);
  return { verification, changes };
}

/** What differs from the verification that served before; nothing if there was none. */
async function changesOf(client: RegistryClient, verification: VerificationResponse): Promise<ChangeResponse[]> {
  if (!verification.comparedWith) return [];
  const { id, gatewayId } = verification;
  return client.list(changeResponse, `/gateways/${gatewayId}/verifications/${id}/diff`);
}

/**
 * What was rejected before is no news.
 * @throws CliError `drift_found`
 */
function refuseDrift(slug: string, { verification, changes }: VerifiedChanges): void {
  const isNew = changes.some(({ status }) => status !== 'rejected');
  if (!isNew && !verification.review) return;
  const next = verification.review ? `lethe review ${slug}` : `lethe review ${slug} --verification ${verification.id}`;
  throw new CliError('drift', 'drift_found', `${slug} has changed since the last verification`, [
    `To see what: ${next}`,
  ]);
}

/** With `--credential-env`, the variable takes the place of standard input. */
function withSecrets(context: RunContext, { credentialEnv }: VerifyFlags): RunContext {
  if (credentialEnv === undefined) return context;
  const secrets = context.settings.variable(credentialEnv);
  if (secrets === undefined) {
    throw new CliError('usage', 'credential_env_unset', 'The variable that --credential-env names is not set');
  }
  return { ...context, streams: { ...context.streams, stdin: Readable.from([secrets]) } };
}

/** The same error, with one more note. */
export function withNote(error: unknown, note: string): unknown {
  if (!(error instanceof CliError)) return error;
  const { kind, code, message, notes } = error;
  return new CliError(kind, code, message, [...notes, note]);
}

function sayDifference(terminal: Terminal, difference: string | undefined): void {
  if (difference !== undefined) terminal.note(`Note: ${difference}.`);
}
