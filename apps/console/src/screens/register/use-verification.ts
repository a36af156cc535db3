import type { Credential, SlotOfferClaims } from '@lethe/contracts';
import { slotExpiryProblem } from '@lethe/mcp';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isProblem, Unreachable } from '../../api/problem.js';
import { beginVerification, cancelVerification, sendCredential } from '../../api/verifications.js';
import type { ConnectorKey } from '../../sealing/connector-key.js';
import { remember } from '../../sealing/known-fingerprints.js';
import { sealCredential } from '../../sealing/seal-credential.js';
import { type Intended, verifySlotOffer } from '../../sealing/slot-offer.js';
import { readTrusted } from '../../sealing/trust.js';

/** The gateway whose upstream is verified. */
export interface Subject {
  id: string;
  slug: string;
  /** Canonical URL, as the person typed or sees it. */
  url: string;
}

/** A verification that runs or has ended. */
export interface Watched {
  intended: Intended;
  keys: ConnectorKey[];
  /** When this page sealed the credential; undefined if none was sent. */
  sealedAt: string | undefined;
  /** Fingerprint of the key that signed the slot's offer. */
  fingerprint: string | undefined;
  /** The answer to the sealed credential was lost: it may have arrived. */
  isUncertain: boolean;
}

/** A slot whose offer was checked: a credential can be sealed for it. */
export interface OpenSlot {
  intended: Intended;
  keys: ConnectorKey[];
  offer: SlotOfferClaims;
  /** Of the key that signed the offer. */
  fingerprint: string;
  /** The browser has remembered the connectors' keys just now. */
  isFirstUse: boolean;
}

/** Where a verification is. */
export type Phase =
  | { at: 'idle' | 'opening' }
  | { at: 'changed'; known: string[]; shown: ConnectorKey[] }
  /** `isMoved`: the gateway has another URL by now, so nothing is sealed for this slot. */
  | { at: 'open'; slot: OpenSlot; isGone: boolean; isMoved?: boolean }
  | { at: 'sending'; slot: OpenSlot }
  | { at: 'watching'; watched: Watched }
  | { at: 'refused'; error: unknown };

/** A verification, step by step. */
export interface VerificationSteps {
  phase: Phase;
  /** Reserves a slot, and checks its offer. */
  open: () => Promise<void>;
  /** The person has compared the connectors' keys: they are trusted from now on. */
  trust: (keys: ConnectorKey[]) => Promise<void>;
  /** Verifies an upstream that needs no credential. */
  runWithout: () => Promise<void>;
  /** Seals a credential in the page, and sends it. @returns whether it has left the page */
  send: (credential: Credential) => Promise<boolean>;
  /** Back to the beginning. A slot that is open is given back. */
  leave: () => void;
}

/** Runs verifications of one gateway. A credential is sent once: whatever fails, a new slot is needed for the next. */
export function useVerification(subject: Subject): VerificationSteps {
  const queries = useQueryClient();
  const [reached, setPhase] = useState<Phase>({ at: 'idle' });
  const phase = asSeen(reached, subject);
  const attempt = async (run: () => Promise<Phase>): Promise<void> => {
    setPhase({ at: 'opening' });
    setPhase(await run().catch((error: unknown): Phase => ({ at: 'refused', error })));
  };
  const open = (): Promise<void> => attempt(() => openSlot(subject));
  return {
    phase,
    open,
    trust: async (keys) => {
      remember(keys);
      await open();
    },
    runWithout: () => attempt(() => runOpenly(subject)),
    send: async (credential) => {
      if (phase.at !== 'open' || phase.isGone) return false;
      setPhase({ at: 'sending', slot: phase.slot });
      const next = await sealAndSend(subject, phase.slot, credential).catch((error: unknown): Phase => ({
        at: 'refused',
        error,
      }));
      void queries.invalidateQueries({ queryKey: ['verifications'] });
      setPhase(next);
      return next.at === 'watching' && !next.watched.isUncertain;
    },
    leave: () => {
      // Others may have the slot at once; without the answer, it ends by itself within a minute.
      if (phase.at === 'open') void cancelVerification(subject.id, phase.slot.intended.vid).catch(() => undefined);
      setPhase({ at: 'idle' });
    },
  };
}

/** The page shows the URL of now, so a credential must not go to the one of before. */
function asSeen(phase: Phase, { url }: Subject): Phase {
  const isMoved = phase.at === 'open' && phase.slot.intended.url !== url;
  return isMoved ? { ...phase, isGone: true, isMoved } : phase;
}

async function openSlot(subject: Subject): Promise<Phase> {
  const trusted = await readTrusted();
  if (trusted.state === 'changed') return { at: 'changed', known: trusted.known, shown: trusted.shown };
  const { keys } = trusted;
  const begun = await beginVerification(subject.id, 'sealed');
  const intended = { gatewayId: subject.id, url: subject.url, vid: begun.id };
  try {
    const checked = await verifySlotOffer(begun.slot?.offer ?? '', keys, intended, nowSeconds());
    const slot = { intended, keys, ...checked, isFirstUse: trusted.state === 'first' };
    return { at: 'open', slot, isGone: false };
  } catch (error) {
    await cancelVerification(subject.id, begun.id).catch(() => undefined);
    throw error;
  }
}

async function runOpenly(subject: Subject): Promise<Phase> {
  const trusted = await readTrusted();
  if (trusted.state === 'changed') return { at: 'changed', known: trusted.known, shown: trusted.shown };
  const { id } = await beginVerification(subject.id, 'none');
  const intended = { gatewayId: subject.id, url: subject.url, vid: id };
  const watched = { intended, keys: trusted.keys, sealedAt: undefined, fingerprint: undefined, isUncertain: false };
  return { at: 'watching', watched };
}

async function sealAndSend(subject: Subject, slot: OpenSlot, credential: Credential): Promise<Phase> {
  const { offer, intended, keys, fingerprint } = slot;
  if (slotExpiryProblem(offer.exp, nowSeconds()) !== undefined) return { at: 'open', slot, isGone: true };
  const sealed = await sealCredential(offer, credential);
  const watched = { intended, keys, fingerprint, sealedAt: new Date().toISOString(), isUncertain: false };
  try {
    await sendCredential(subject.id, intended.vid, sealed);
    return { at: 'watching', watched };
  } catch (error) {
    if (error instanceof Unreachable) return { at: 'watching', watched: { ...watched, isUncertain: true } };
    if (isProblem(error, 'slot_gone')) return { at: 'open', slot, isGone: true };
    if (isProblem(error, 'credential_refused')) return { at: 'watching', watched };
    throw error;
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
