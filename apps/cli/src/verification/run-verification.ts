import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import { type VerificationResponse, verificationResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import { type IntendedUpstream, sealForSlot } from './seal-for-slot.js';

const WAIT_SECONDS = 20;
const SLOW_MS = 2_000;

/** One verification to run. */
export interface VerificationRun {
  client: RegistryClient;
  terminal: Terminal;
  intended: IntendedUpstream;
  credential: Credential;
  trusted: Identity[];
  /** Aborts when the user gives up. */
  signal: AbortSignal;
}

/**
 * Runs one verification, from the request for a slot to its end. No step is repeated: a credential is sent once.
 * @throws CliError `cancelled` when the signal aborts
 */
export async function runVerification(run: VerificationRun): Promise<VerificationResponse> {
  const progress = { isStarted: false };
  try {
    return await startAndAwait(run, progress);
  } catch (error) {
    throw run.signal.aborted ? cancelled(progress.isStarted) : error;
  }
}

async function startAndAwait(run: VerificationRun, progress: { isStarted: boolean }): Promise<VerificationResponse> {
  const { client, terminal, intended, credential, trusted, signal } = run;
  const path = `/gateways/${encodeURIComponent(intended.gatewayId)}/verifications`;
  const isOpen = credential.scheme === 'none';
  signal.throwIfAborted();
  progress.isStarted = isOpen;
  const body = isOpen ? { credential: 'none' } : {};
  const started = await client.request(verificationResponse, 'POST', path, { body, signal });
  const own = `${path}/${encodeURIComponent(started.id)}`;
  if (!isOpen) {
    const sealed = await sealForSlot(started, intended, credential, trusted);
    signal.throwIfAborted();
    terminal.note(
      `Sealed on this machine for ${intended.url}. Only the process that makes this one connection can open it, and then it ends.`,
    );
    progress.isStarted = true;
    await client.send('PUT', `${own}/credential`, { sealed, signal });
  }
  terminal.note(`Verification ${started.id}, attempt ${started.attempt}: the handshake is running.`);
  return untilEnded(run, own);
}

/** The registry ends every verification at its deadline, so this loop ends too. */
async function untilEnded({ client, terminal, signal }: VerificationRun, path: string): Promise<VerificationResponse> {
  const slow = setTimeout(() => sayThatItIsSlow(terminal), SLOW_MS);
  try {
    for (;;) {
      const options = { waitSeconds: WAIT_SECONDS, signal };
      const view = await client.request(verificationResponse, 'GET', path, options);
      if (view.state !== 'running' && view.state !== 'awaiting_credential') return view;
    }
  } finally {
    clearTimeout(slow);
  }
}

function sayThatItIsSlow(terminal: Terminal): void {
  if (terminal.isInteractive) terminal.note('Still running: waiting for the upstream. Ctrl-C stops waiting.');
}

function cancelled(isStarted: boolean): CliError {
  const text = isStarted
    ? 'Cancelled; the handshake goes on without this command, and ends by itself within its time limit'
    : 'Cancelled; no credential was sent';
  return new CliError('cancelled', 'cancelled', text);
}
