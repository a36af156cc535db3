import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { type VerificationResponse, verificationResponse } from '../registry/responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import { type IntendedUpstream, sealForSlot } from './seal-for-slot.js';

const WAIT_SECONDS = 20;

/** Runs one verification, from the request for a slot to its end. No step is repeated: a credential is sent once. */
export async function runVerification(
  client: RegistryClient,
  terminal: Terminal,
  intended: IntendedUpstream,
  credential: Credential,
  trusted: Identity[],
): Promise<VerificationResponse> {
  const path = `/gateways/${encodeURIComponent(intended.gatewayId)}/verifications`;
  const body = credential.scheme === 'none' ? { credential: 'none' } : {};
  const started = await client.request(verificationResponse, 'POST', path, { body });
  const own = `${path}/${encodeURIComponent(started.id)}`;
  if (credential.scheme !== 'none') {
    const sealed = await sealForSlot(started, intended, credential, trusted);
    terminal.note(
      `Sealed on this machine for ${intended.url}. Only the process that makes this one connection can open it, and then it ends.`,
    );
    await client.send('PUT', `${own}/credential`, { sealed });
  }
  terminal.note(`Verification ${started.id}, attempt ${started.attempt}: the handshake is running.`);
  return untilEnded(client, own);
}

/** The registry ends every verification at its deadline, so this loop ends too. */
async function untilEnded(client: RegistryClient, path: string): Promise<VerificationResponse> {
  for (;;) {
    const view = await client.request(verificationResponse, 'GET', path, { waitSeconds: WAIT_SECONDS });
    if (view.state !== 'running' && view.state !== 'awaiting_credential') return view;
  }
}
