import type { Era, ItemKind } from './catalogue.js';
import type { HandshakeCode } from './claims.js';
import type { AuthorizationProblem } from './oauth.js';

/** The lists that were requested in one era, by their methods. */
export interface RequestedLists {
  era: Era;
  methods: string[];
}

/** What a text hides from people: characters that are not seen, that change the order of others, or that control a terminal. */
export type HiddenKind = 'invisible' | 'bidi' | 'control';
/** How many characters of each kind; a kind without any is absent. */
export type HiddenCounts = Partial<Record<HiddenKind, number>>;

/**
 * What a handshake tells about a catalogue that it found. Of the upstream's text it contains names of items only.
 *
 * - `era_failed`: this era could not be verified, for the reason `why`; only the other one is served.
 * - `conditional_failed`: items that the upstream lists for some clients only could not be found, or not completely.
 * - `era_empty`: the upstream answers in this era, but lists nothing there; only the other one is served.
 * - `catalogue_empty`: the upstream lists nothing; `requested` says which lists were asked for.
 * - `schema_held_back`: clients can't compile the schema at this place of the catalogue (a JSON pointer), so an output schema is
 *   dropped, and an input schema is served without what does not compile.
 * - `schemas_unchecked`: some schemas were too long to find out whether clients can compile them; they are served as they are.
 * - `hidden_text`: texts at this place hide characters from people. `pointer` is an item (`/items/3`) or a member of the facts
 *   (`/facts/instructions`); an item's name is absent if it is long. The result waits for a review.
 */
export type HandshakeWarning =
  | { code: 'era_failed' | 'conditional_failed'; era: Era; why: HandshakeCode; httpStatus?: number }
  | { code: 'era_empty'; era: Era }
  | { code: 'catalogue_empty'; requested: RequestedLists[] }
  | { code: 'schema_held_back'; pointer: string }
  | { code: 'schemas_unchecked' }
  | { code: 'hidden_text'; pointer: string; kind?: ItemKind; name?: string; found: HiddenCounts };

/**
 * What to know about a verification that succeeded: what its handshake told, and
 *
 * - `authorization_unknown`: for the reason `why`, it is not known how callers get tokens for the upstream, or not of all its
 *   authorization servers. The facts have those that are known.
 */
export type VerificationWarning = HandshakeWarning | { code: 'authorization_unknown'; why: AuthorizationProblem };
