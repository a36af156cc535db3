import type { Credential } from '@lethe/contracts';
import { generateSlotKey, openCredential, type SlotKey } from '@lethe/sealing';
import type { OnRequest } from '../handshake/client/sent-requests.js';
import { runHandshake } from '../handshake/handshake.js';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import { codeOfSealingError } from './credential-codes.js';
import { warmUp } from './warm-up.js';

type Channel = ParentChannel<ToSlotChild, FromSlotChild>;

/**
 * Runs one slot: warms up, makes its own key, waits for one sealed credential, opens it, runs one handshake, exits. Only
 * this process ever has the credential in clear, and it does nothing twice.
 */
export async function runSlotChild(): Promise<void> {
  // A failed warm-up makes the handshake slower, not impossible.
  await warmUp().catch(() => undefined);
  const key = await generateSlotKey();
  let task: SlotTask | undefined;
  let isUsed = false;
  const channel: Channel = new ParentChannel((message) => {
    if (message.kind === 'assign') {
      task ??= message.task;
      return;
    }
    if (task === undefined || isUsed) return;
    isUsed = true;
    void (message.kind === 'open'
      ? openAndRun(channel, key, task, message.sealed)
      : runAndExit(channel, task, { scheme: 'none' }));
  });
  channel.send({ kind: 'ready', kid: key.kid, publicJwk: key.publicJwk });
}

async function openAndRun(channel: Channel, key: SlotKey, task: SlotTask, sealed: string): Promise<void> {
  let credential: Credential;
  try {
    const nowSeconds = Math.floor(Date.now() / 1000);
    credential = await openCredential(sealed, key, { aud: task.url, vid: task.vid, nowSeconds });
  } catch (error) {
    channel.sendAndExit({ kind: 'refused', code: codeOfSealingError(error) });
    return;
  }
  await runAndExit(channel, task, credential);
}

async function runAndExit(channel: Channel, task: SlotTask, credential: Credential): Promise<void> {
  channel.send({ kind: 'opened' });
  const onRequest: OnRequest = (requests, origins) => channel.send({ kind: 'requested', requests, origins });
  const outcome = await runHandshake(task, credential, { onRequest });
  channel.sendAndExit({ kind: 'finished', outcome });
}
