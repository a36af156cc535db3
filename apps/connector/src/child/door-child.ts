import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import type { Credential } from '@lethe/contracts';
import { parseCredential, SealingError } from '@lethe/sealing';
import type { ClaimableSlot, FromDoorChild, ToDoorChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import { runHandshake } from '../handshake/handshake.js';
import { acceptedAnswer, problemAnswer } from './door-answer.js';
import { DoorRefusal, readDoorRequest } from './door-request.js';

type Serve = Extract<ToDoorChild, { kind: 'serve' }>;
const WHOLE_REQUEST_TIMEOUT_MS = 10_000;

/**
 * One connection of the plaintext door: this process reads it, nobody before it did. It knows lent slots by the hash of
 * their id, claims one of them once, does the handshake in its stead, and ends.
 */
export function runDoorChild(): void {
  let claim: (isOurs: boolean) => void = () => undefined;
  const link = new ParentChannel<ToDoorChild, FromDoorChild>((message, handle) => {
    if (message.kind !== 'serve') return claim(message.kind === 'claimed');
    if (!(handle instanceof Socket)) process.exit(1);
    void serve(message, handle, (hash) => {
      link.send({ kind: 'claim', hash });
      return new Promise((resolve) => (claim = resolve));
    }).then((work) => (work === undefined ? process.exit(0) : finish(link, work)));
  });
  link.send({ kind: 'waiting' });
}

interface Work {
  slot: ClaimableSlot;
  credential: Credential;
}

async function serve(
  message: Serve,
  socket: Socket,
  claim: (hash: string) => Promise<boolean>,
): Promise<Work | undefined> {
  const patience = { firstByteTimeoutMs: message.firstByteTimeoutMs, wholeTimeoutMs: WHOLE_REQUEST_TIMEOUT_MS };
  try {
    const { head, body } = await readDoorRequest(socket, message.hosts, patience);
    const hash = createHash('sha256').update(head.slot).digest('hex');
    const slot = message.slots.find((candidate) => candidate.hash === hash);
    if (slot === undefined || slot.exp <= Date.now() / 1000) throw new DoorRefusal('slot_gone');
    const credential = readCredential(body);
    if (!(await claim(hash))) throw new DoorRefusal('slot_gone');
    await answer(socket, acceptedAnswer(slot.task.vid));
    return { slot, credential };
  } catch (error) {
    await answer(socket, problemAnswer(error instanceof DoorRefusal ? error.problem : 'bad_request'));
    return undefined;
  }
}

async function finish(link: ParentChannel<ToDoorChild, FromDoorChild>, { slot, credential }: Work): Promise<void> {
  const onRequest = (requests: number): void => link.send({ kind: 'requested', requests });
  const outcome = await runHandshake(slot.task, credential, { onRequest });
  link.sendAndExit({ kind: 'finished', outcome });
}

function readCredential(body: Buffer): Credential {
  try {
    return parseCredential(body);
  } catch (error) {
    const isUnsupported = error instanceof SealingError && error.code === 'scheme_unsupported';
    throw new DoorRefusal(isUnsupported ? 'scheme_unsupported' : 'credential_malformed');
  }
}

/** Resolves when the answer is on its way, or the client is gone. */
function answer(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.once('error', () => resolve());
    socket.end(text, () => resolve());
  });
}
