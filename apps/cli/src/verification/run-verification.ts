import type { Credential } from '@lethe/contracts';
import type { Identity } from '@lethe/sealing';
import { type VerificationAnswer, verificationAnswer } from '../registry/answers.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import { type Meant, sealForSlot } from './seal-for-slot.js';

const WAIT_SECONDS = 20;

/** One verification from the ask for a slot to its end. Nothing of it is repeated: a credential is sent once. */
export async function runVerification(
  client: RegistryClient,
  terminal: Terminal,
  meant: Meant,
  credential: Credential,
  trusted: Identity[],
): Promise<VerificationAnswer> {
  const path = `/gateways/${encodeURIComponent(meant.gatewayId)}/verifications`;
  const body = credential.scheme === 'none' ? { credential: 'none' } : {};
  const started = await client.ask(verificationAnswer, 'POST', path, { body });
  const own = `${path}/${encodeURIComponent(started.id)}`;
  if (credential.scheme !== 'none') {
    const sealed = await sealForSlot(started, meant, credential, trusted);
    terminal.note(`Sealed here for ${meant.url}; only one waiting process can open it.`);
    await client.send('PUT', `${own}/credential`, { sealed });
  }
  terminal.note(`Verification ${started.id}, attempt ${started.attempt}: the handshake runs.`);
  return untilEnded(client, own);
}

/** The registry ends every verification by its deadline, so this ends too. */
async function untilEnded(client: RegistryClient, path: string): Promise<VerificationAnswer> {
  for (;;) {
    const view = await client.ask(verificationAnswer, 'GET', path, { waitSeconds: WAIT_SECONDS });
    if (view.state !== 'running' && view.state !== 'awaiting_credential') return view;
  }
}
