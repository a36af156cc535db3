import type { Credential } from '@lethe/contracts';
import { generateSlotKey, openCredential, type SlotKey } from '@lethe/sealing';
import type { FoundOAuth } from '../discovery/oauth-discovery.js';
import type { OnRequest } from '../discovery/sent-requests.js';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import { codeOfSealingError } from './credential-codes.js';
import { LateCode, type LoadHandshakeCode } from './late-code.js';

type Channel = ParentChannel<ToSlotChild, FromSlotChild>;

/** A slot's task, and what is found out about it while the client seals. */
interface Assigned {
  task: SlotTask;
  code: LateCode;
  discovery?: Promise<FoundOAuth>;
}

/**
 * Runs one slot: makes its own key, waits for one sealed credential, opens it, runs one handshake, exits. Only this process
 * ever has the credential in clear, and it does nothing twice. It loads the code of a handshake when it is told to warm up, or
 * at last when it is reserved.
 */
export async function runSlotChild(loadCode: LoadHandshakeCode): Promise<void> {
  const key = await generateSlotKey();
  const code = new LateCode(loadCode);
  let assigned: Assigned | undefined;
  let isUsed = false;
  const channel: Channel = new ParentChannel((message) => {
    if (message.kind === 'warm') {
      void code.warmUp().then(() => channel.send({ kind: 'warmed' }));
      return;
    }
    if (message.kind === 'assign') {
      assigned ??= begun(channel, message.task, code);
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

function begun(channel: Channel, task: SlotTask, code: LateCode): Assigned {
  if (!task.hasCredential) return { task, code };
  const onRequest: OnRequest = (requests, origins) => channel.send({ kind: 'discovered', requests, origins });
  const discovery = code.load().then(({ discoverOAuth }) => discoverOAuth(task, onRequest));
  return { task, code, discovery };
}

async function openAndRun(channel: Channel, key: SlotKey, assigned: Assigned, sealed: string): Promise<void> {
  const { task, code } = assigned;
  let credential: Credential;
  try {
    // First, so that nothing waits with a credential in clear. Code that can't be loaded fails below, too.
    await code.load().catch(() => undefined);
    const nowSeconds = Math.floor(Date.now() / 1000);
    credential = await openCredential(sealed, key, { aud: task.url, vid: task.vid, nowSeconds });
  } catch (error) {
    channel.sendAndExit({ kind: 'refused', code: codeOfSealingError(error) });
    return;
  }
  await runAndExit(channel, assigned, credential);
}

async function runAndExit(channel: Channel, assigned: Assigned, credential: Credential): Promise<void> {
  channel.send({ kind: 'opened' });
  const { task, code, discovery } = assigned;
  const onRequest: OnRequest = (requests, origins) => channel.send({ kind: 'requested', requests, origins });
  const { runHandshake } = await code.load();
  const outcome = await runHandshake(task, credential, { onRequest, ...(discovery && { discovery }) });
  channel.sendAndExit({ kind: 'finished', outcome });
}
