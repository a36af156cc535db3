import { createContext, useContext } from 'react';
import type { Catalogue } from '../../api/gateway-items.js';
import type { Server } from '../../api/servers.js';
import type { OwnedName } from '../../api/server-documents.js';
import type { Composed } from './composition.js';
import type { ServerDraft } from './server-draft.js';

/** What the parts of the composer work on. */
export interface Composing {
  fields: ServerDraft;
  set: (changes: Partial<ServerDraft>) => void;
  /** As it is published; undefined before it is made. */
  server: Server | undefined;
  /** Names that belong to its items already. */
  owned: readonly OwnedName[];
  composed: Composed;
  catalogues: readonly Catalogue[];
  /** Some catalogues are not there yet. */
  isReading: boolean;
  mayEdit: boolean;
  /** What is wrong with a field, as the registry has said it. */
  problemOf: (field: string) => string | undefined;
}

/** Gives the parts of the composer what they work on. */
export const ComposingContext = createContext<Composing | undefined>(undefined);

/** What the parts of the composer work on. */
export function useComposing(): Composing {
  const composing = useContext(ComposingContext);
  if (!composing) throw new Error('Render it in the composer');
  return composing;
}
