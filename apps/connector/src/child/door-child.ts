import { createHash } from 'node:crypto';
import { Socket } from 'node:net';
import type { Credential } from '@lethe/contracts';
import { parseCredential, SealingError } from '@lethe/sealing';
import { acceptedResponse, problemResponse } from '../processes/door-response.js';
import type { ClaimableSlot, FromDoorChild, ToDoorChild } from '../processes/messages.js';
import { ParentChannel } from '../processes/parent-channel.js';
import type { OnRequest } from '../discovery/sent-requests.js';
import { DoorRequestRejected, readDoorRequest } from './door-request.js';
import type { LoadHandshakeCode } from './late-code.js';

type Serve = Extract<ToDoorChild, { kind: 'serve' }>;
type Channel = ParentChannel<ToDoorChild, FromDoorChild>;

/** From the first byte to the last one. */
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Serves one connection of the plaintext door; no process before this one has read from it. It knows the reserved slots
 * by the hash of their ids, claims one of them once, runs the handshake in place of the slot's own process, and exits. The code
 * of the handshake is loaded when a credential was accepted.
 */
export function runDoorChild(loadCode: LoadHandshakeCode): void {
  let resolveClaim: (isClaimed: boolean) => void = () => undefined;
  const channel: Channel = new ParentChannel((message, handle) => {
    if (message.kind !== 'serve') return resolveClaim(message.kind === 'claimed');
    if (!(handle instanceof Socket)) process.exit(1);
    void serve(message, handle, (hash) => {
      channel.send({ kind: 'claim', hash });
      return new Promise((resolve) => (resolveClaim = resolve));
    }).then((accepted) => (accepted === undefined ? process.exit(0) : runAndExit(channel, accepted, loadCode)));
  });
  channel.send({ kind: 'waiting' });
}

interface Accepted {
  slot: ClaimableSlot;
  credential: Credential;
}

/** Responds to the request; `undefined` if it was rejected. */
async function serve(
  { slots, hosts, firstByteTimeoutMs }: Serve,
  socket: Socket,
  claim: (hash: string) => Promise<boolean>,
): Promise<Accepted | undefined> {
  const timeouts = { firstByteMs: firstByteTimeoutMs, requestMs: REQUEST_TIMEOUT_MS };
  try {
    const request = await readDoorRequest(socket, hosts, timeouts);
    const hash = createHash('sha256').update(request.slot).digest('hex');
    const slot = slots.find((candidate) => candidate.hash === hash);
    if (slot === undefined || slot.exp <= Date.now() / 1000) throw new DoorRequestRejected('slot_gone');
    const credential = readCredential(request.body);
    if (!(await claim(hash))) throw new DoorRequestRejected('slot_gone');
    await respond(socket, acceptedResponse(slot.task.vid));
    return { slot, credential };
  } catch (error) {
    await respond(socket, problemResponse(error instanceof DoorRequestRejected ? error.problem : 'bad_request'));
    return undefined;
  }
}

async function runAndExit(
  channel: Channel,
  { slot, credential }: Accepted,
  loadCode: LoadHandshakeCode,
): Promise<void> {
  const { discoverOAuth, runHandshake } = await loadCode();
  const announce =
    (kind: 'requested' | 'discovered'): OnRequest =>
    (requests, origins) =>
      channel.send({ kind, requests, origins });
  const discovery = discoverOAuth(slot.task, announce('discovered'));
  const outcome = await runHandshake(slot.task, credential, { onRequest: announce('requested'), discovery });
  channel.sendAndExit({ kind: 'finished', outcome });
}

function readCredential(body: Buffer): Credential {
  try {
    return parseCredential(body);
  } catch (error) {
    const isUnsupported = error instanceof SealingError && error.code === 'scheme_unsupported';
    throw new DoorRequestRejected(isUnsupported ? 'scheme_unsupported' : 'credential_malformed');
  }
}

/** Resolves once the response is written, or the client is gone. */
function respond(socket: Socket, text: string): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve());
    socket.once('error', () => resolve());
    socket.end(text, () => resolve());
  });
}
