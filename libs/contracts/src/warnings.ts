import type { Era } from './catalogue.js';
import type { HandshakeCode } from './claims.js';

/** The lists that were requested in one era, by their methods. */
export interface RequestedLists {
  era: Era;
  methods: string[];
}

/**
 * What to know about a verification that succeeded. Contains nothing of the upstream's text.
 *
 * - `era_failed`: this era could not be verified, for the reason `why`; only the other one is served.
 * - `conditional_failed`: items that the upstream lists for some clients only could not be found, or not completely.
 * - `era_empty`: the upstream answers in this era, but lists nothing there; only the other one is served.
 * - `catalogue_empty`: the upstream lists nothing; `requested` says which lists were asked for.
 */
export type VerificationWarning =
  | { code: 'era_failed' | 'conditional_failed'; era: Era; why: HandshakeCode; httpStatus?: number }
  | { code: 'era_empty'; era: Era }
  | { code: 'catalogue_empty'; requested: RequestedLists[] };
