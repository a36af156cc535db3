import type { Credential } from '@lethe/contracts';
import { generateSlotKey, openCredential, type SlotKey } from '@lethe/sealing';
import { discoverOAuth, type FoundOAuth } from '../discovery/oauth-discovery.js';
import type { OnRequest } from '../discovery/sent-requests.js';
import { runHandshake } from '../handshake/handshake.js';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import { codeOfSealingError } from './credential-codes.js';
import { warmUp } from './warm-up.js';

type Channel = ParentChannel<ToSlotChild, FromSlotChild>;

/** A slot's task, and what is found out about it while the client seals. */
interface Assigned {
  task: SlotTask;
  discovery?: Promise<FoundOAuth>;
}

/**
 * Runs one slot: warms up, makes its own key, waits for one sealed credential, opens it, runs one handshake, exits. Only
 * this process ever has the credential in clear, and it does nothing twice.
 */
export async function runSlotChild(): Promise<void> {
  // A failed warm-up makes the handshake slower, not impossible.
  await warmUp().catch(() => undefined);
  const key = await generateSlotKey();
  let assigned: Assigned | undefined;
  let isUsed = false;
  const channel: Channel = new ParentChannel((message) => {
    if (message.kind === 'assign') {
      assigned ??= begun(channel, message.task);
      return;
    }
    if (assigned === undefined || isUsed) return;
    isUsed = true;
    void (message.kind === 'open'
      ? openAndRun(channel, key, assigned, message.sealed)
      : runAndExit(channel, assigned, { scheme: 'none' }));
  });
  channel.send({ kind: 'ready', kid: key.kid, publicJwk: key.publicJwk });
}

function begun(channel: Channel, task: SlotTask): Assigned {
  const onRequest: OnRequest = (requests, origins) => channel.send({ kind: 'discovered', requests, origins });
  return { task, ...(task.hasCredential && { discovery: discoverOAuth(task, onRequest) }) };
}

async function openAndRun(channel: Channel, key: SlotKey, assigned: Assigned, sealed: string): Promise<void> {
  const { task } = assigned;
  let credential: Credential;
  try {
    const nowSeconds = Math.floor(Date.now() / 1000);
    credential = await openCredential(sealed, key, { aud: task.url, vid: task.vid, nowSeconds });
  } catch (error) {
    channel.sendAndExit({ kind: 'refused', code: codeOfSealingError(error) });
    return;
  }
  await runAndExit(channel, assigned, credential);
}

async function runAndExit(channel: Channel, { task, discovery }: Assigned, credential: Credential): Promise<void> {
  channel.send({ kind: 'opened' });
  const onRequest: OnRequest = (requests, origins) => channel.send({ kind: 'requested', requests, origins });
  const outcome = await runHandshake(task, credential, { onRequest, ...(discovery && { discovery }) });
  channel.sendAndExit({ kind: 'finished', outcome });
}
