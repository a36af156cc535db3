import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import { type VerificationResponse, verificationResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import { type IntendedUpstream, sealForSlot } from './seal-for-slot.js';

const WAIT_SECONDS = 20;
const SLOW_MS = 2_000;
const CANCEL_TIMEOUT_MS = 5_000;

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
  const progress: Progress = { isStarted: false };
  try {
    return await startAndAwait(run, progress);
  } catch (error) {
    const { isStarted, path } = progress;
    if (!run.signal.aborted) {
      // No credential will follow, so that others may have the slot.
      if (!isStarted && path !== undefined) await isCancelled(run, path);
      throw error;
    }
    throw cancelled(isStarted, path === undefined || (await isCancelled(run, path)));
  }
}

interface Progress {
  /** Whether the upstream may have been visited. */
  isStarted: boolean;
  /** Of the verification, once there is one. */
  path?: string;
}

async function startAndAwait(run: VerificationRun, progress: Progress): Promise<VerificationResponse> {
  const { client, terminal, intended, credential, trusted, signal } = run;
  const path = `/gateways/${encodeURIComponent(intended.gatewayId)}/verifications`;
  const isOpen = credential.scheme === 'none';
  signal.throwIfAborted();
  const body = isOpen ? { credential: 'none' } : {};
  // Not ended by the signal: then nobody would know which verification to cancel.
  const started = await client.request(verificationResponse, 'POST', path, { body });
  const own = `${path}/${encodeURIComponent(started.id)}`;
  Object.assign(progress, { path: own, isStarted: isOpen });
  signal.throwIfAborted();
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

/** Cancels the verification. False if the registry did not confirm that. */
async function isCancelled({ client }: VerificationRun, path: string): Promise<boolean> {
  try {
    const options = { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS) };
    const { state } = await client.request(verificationResponse, 'POST', `${path}/cancel`, options);
    return state === 'cancelled';
  } catch {
    return false;
  }
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
  if (terminal.isInteractive) terminal.note('Still running: waiting for the upstream. Ctrl-C cancels.');
}

function cancelled(isStarted: boolean, isEnded: boolean): CliError {
  const running = isEnded
    ? 'Cancelled; the handshake was ended. The upstream may have received the credential'
    : 'Cancelled; the handshake goes on without this command, and ends by itself within its time limit';
  return new CliError('cancelled', 'cancelled', isStarted ? running : 'Cancelled; no credential was sent');
}
