import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { connection } from './connection.js';
import { pagesOf } from './pages.js';
import type { components } from './schema.js';

/** A verification: one handshake with an upstream, and what it found. */
export type Verification = components['schemas']['VerificationView'];

/** How often a verification that runs is read, milliseconds: events tell sooner, if their stream is there. */
const WATCH_MS = { live: 3_000, polling: 1_000 } as const;
const PAGE = 50;

/**
 * Begins a verification. `sealed`: a slot is reserved, and its offer is in the answer; `none`: the handshake runs at once.
 * @throws Problem `no_slot`, `too_many_slots`; Unreachable
 */
export async function beginVerification(ref: string, credential: 'sealed' | 'none'): Promise<Verification> {
  const request = credential === 'none' ? { credential } : {};
  return body(await api.POST('/v1/gateways/{ref}/verifications', { params: { path: { ref } }, body: request }));
}

/**
 * Sends a sealed credential to its slot. It is never sent twice.
 * @param sealed compact JWE
 * @throws Problem `slot_gone`, `credential_refused`; Unreachable: it may have arrived
 */
export async function sendCredential(ref: string, vid: string, sealed: string): Promise<void> {
  await api.PUT('/v1/gateways/{ref}/verifications/{vid}/credential', {
    params: { path: { ref, vid } },
    body: sealed,
    bodySerializer: (text) => text,
    headers: { 'content-type': 'application/jose' },
  });
}

/** Ends a verification, so that its slot is free. @throws Problem; Unreachable */
export async function cancelVerification(ref: string, vid: string): Promise<void> {
  await api.POST('/v1/gateways/{ref}/verifications/{vid}/cancel', { params: { path: { ref, vid } } });
}

/** Whether nothing more happens in a verification. */
export function hasEnded({ state }: Verification): boolean {
  return state !== 'awaiting_credential' && state !== 'running';
}

/** One verification, read again until it has ended. */
export function oneVerification(ref: string, vid: string) {
  return queryOptions({
    queryKey: ['verifications', 'one', ref, vid],
    queryFn: async ({ signal }) =>
      body(await api.GET('/v1/gateways/{ref}/verifications/{vid}', { params: { path: { ref, vid } }, signal })),
    refetchInterval: ({ state }) => {
      if (state.data && hasEnded(state.data)) return false;
      return connection() === 'live' ? WATCH_MS.live : WATCH_MS.polling;
    },
    staleTime: 0,
  });
}

/** The verifications of a gateway, newest first. */
export function gatewayVerifications(ref: string) {
  return pagesOf(['verifications', 'of', ref], async (cursor, signal) => {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    return body(await api.GET('/v1/gateways/{ref}/verifications', { params: { path: { ref }, query }, signal }));
  });
}
