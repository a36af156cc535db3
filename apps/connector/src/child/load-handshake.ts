import type { shakeHands } from '../handshake/handshake.js';

let loading: Promise<typeof shakeHands> | undefined;

/**
 * The handshake with its two SDKs, evaluated when first asked for: a process can offer its key, or read a request, long
 * before all of it is loaded.
 */
export function loadHandshake(): Promise<typeof shakeHands> {
  loading ??= import('../handshake/handshake.js').then((module) => module.shakeHands);
  return loading;
}
