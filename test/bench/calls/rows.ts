import { type ClientMessage, legacyCall, MODERN_RESULT, modernCall, RESULT } from './messages.js';
import type { RelayName } from './scene.js';

/** One variant that is measured: what is sent to whom, and what must come back. */
export interface Row {
  readonly name: string;
  readonly about: string;
  readonly relay: RelayName;
  /** Path at the relay. */
  readonly path: string;
  readonly messages: readonly ClientMessage[];
  /** Members that the result must have, with just these values. */
  readonly expected: object;
  /** Also measured with one connection and with 256. */
  readonly isMain?: boolean;
}

const one = { messages: [legacyCall()], expected: RESULT };
const LETHE = { relay: 'lethe' } as const;
const at = (slug: string) => `/servers/${slug}/mcp`;

export const ROWS: readonly Row[] = [
  { name: 'direct', about: 'no relay', relay: 'direct', path: '/legacy', ...one, isMain: true },
  { name: 'bare', about: 'node:http and undici', relay: 'bare', path: '/legacy', ...one, isMain: true },
  { name: 'legacy', about: 'legacy, JSON', ...LETHE, path: at('legacy'), ...one, isMain: true },
  {
    name: 'modern',
    about: 'modern, JSON',
    ...LETHE,
    path: at('modern'),
    messages: [modernCall()],
    expected: MODERN_RESULT,
    isMain: true,
  },
];
