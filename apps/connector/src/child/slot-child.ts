import type { Credential } from '@lethe/contracts';
import { generateSlotKey, openCredential, type SlotKey } from '@lethe/sealing';
import { runHandshake } from '../handshake/handshake.js';
import { codeOfSealingError } from './credential-codes.js';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import { warmUp } from './warm-up.js';

/**
 * One slot: rehearses, makes its own key, waits for one sealed credential, opens it, does one handshake, ends. The
 * credential is in this process only, and this process does nothing twice.
 */
export async function runSlotChild(): Promise<void> {
  // It only makes the handshake faster: a machine on which it takes too long has slots all the same.
  await warmUp().catch(() => undefined);
  const key = await generateSlotKey();
  let task: SlotTask | undefined;
  let isUsed = false;
  const link = new ParentChannel<ToSlotChild, FromSlotChild>((message) => {
    if (message.kind === 'assign') {
      task ??= message.task;
      return;
    }
    if (task === undefined || isUsed) return;
    isUsed = true;
    void (message.kind === 'open'
      ? openAndRun(link, key, task, message.sealed)
      : connection(link, task, { scheme: 'none' }));
  });
  link.send({ kind: 'ready', kid: key.kid, publicJwk: key.publicJwk });
}

async function openAndRun(
  link: ParentChannel<ToSlotChild, FromSlotChild>,
  key: SlotKey,
  task: SlotTask,
  sealed: string,
): Promise<void> {
  let credential: Credential;
  try {
    const nowSeconds = Math.floor(Date.now() / 1000);
    credential = await openCredential(sealed, key, { aud: task.url, vid: task.vid, nowSeconds });
  } catch (error) {
    link.sendAndExit({ kind: 'refused', code: codeOfSealingError(error) });
    return;
  }
  await connection(link, task, credential);
}

async function connection(
  link: ParentChannel<ToSlotChild, FromSlotChild>,
  task: SlotTask,
  credential: Credential,
): Promise<void> {
  link.send({ kind: 'opened' });
  const onRequest = (requests: number): void => link.send({ kind: 'requested', requests });
  const outcome = await runHandshake(task, credential, { onRequest });
  link.sendAndExit({ kind: 'finished', outcome });
}
