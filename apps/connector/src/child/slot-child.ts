import type { Credential } from '@lethe/contracts';
import { generateSlotKey, openCredential, type SlotKey } from '@lethe/sealing';
import { shakeHands } from '../handshake/handshake.js';
import { codeOfSealingError } from './credential-codes.js';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { ParentLink } from '../processes/parent-channel.js';
import { rehearse } from './warm-up.js';

/**
 * One slot: rehearses, makes its own key, waits for one sealed credential, opens it, does one handshake, ends. The
 * credential is in this process only, and this process does nothing twice.
 */
export async function runSlotChild(): Promise<void> {
  // It only makes the handshake faster: a machine on which it takes too long has slots all the same.
  await rehearse().catch(() => undefined);
  const key = await generateSlotKey();
  let task: SlotTask | undefined;
  let isUsed = false;
  const link = new ParentLink<ToSlotChild, FromSlotChild>((message) => {
    if (message.kind === 'assign') {
      task ??= message.task;
      return;
    }
    if (task === undefined || isUsed) return;
    isUsed = true;
    void (message.kind === 'open'
      ? openAndVisit(link, key, task, message.sealed)
      : visit(link, task, { scheme: 'none' }));
  });
  link.tell({ kind: 'ready', kid: key.kid, publicJwk: key.publicJwk });
}

async function openAndVisit(
  link: ParentLink<ToSlotChild, FromSlotChild>,
  key: SlotKey,
  task: SlotTask,
  sealed: string,
): Promise<void> {
  let credential: Credential;
  try {
    const nowSeconds = Math.floor(Date.now() / 1000);
    credential = await openCredential(sealed, key, { aud: task.url, vid: task.vid, nowSeconds });
  } catch (error) {
    link.tellAndExit({ kind: 'refused', code: codeOfSealingError(error) });
    return;
  }
  await visit(link, task, credential);
}

async function visit(
  link: ParentLink<ToSlotChild, FromSlotChild>,
  task: SlotTask,
  credential: Credential,
): Promise<void> {
  link.tell({ kind: 'opened' });
  const onRequest = (requests: number): void => link.tell({ kind: 'requested', requests });
  const outcome = await shakeHands(task, credential, { onRequest });
  link.tellAndExit({ kind: 'finished', outcome });
}
