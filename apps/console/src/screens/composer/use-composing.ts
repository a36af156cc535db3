import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { lastingNames, type OwnedName } from '../../api/server-documents.js';
import type { Server } from '../../api/servers.js';
import type { Draft } from '../../editing/use-draft.js';
import { useMay } from '../../session/session.js';
import { rulesAt } from '../../parts/rules.js';
import { useFormats } from '../../text/text.js';
import type { Composing } from './composing.js';
import { composeDraft } from './composition.js';
import { ownedNames } from './expected-names.js';
import type { ServerDraft } from './server-draft.js';
import { useCatalogues } from './use-catalogues.js';

const NONE: OwnedName[] = [];

/** Puts together what the parts of the composer work on: the draft, what it takes, and what the registry says of it. */
export function useComposingOf(draft: Draft<ServerDraft>, server: Server | undefined): Composing {
  const { text } = useFormats();
  const mayEdit = useMay('editor');
  const { fields } = draft;
  const { items, include, maxNameLength } = fields;
  const { all, isReading } = useCatalogues(items, include);
  const lasting = useQuery({ ...lastingNames(server?.slug ?? ''), enabled: server !== undefined });
  const owned = useMemo(() => ownedNames(server, lasting.data ?? NONE), [server, lasting.data]);
  const composed = useMemo(
    () => composeDraft({ items, include, maxNameLength }, all, owned),
    [items, include, maxNameLength, all, owned],
  );
  const problemOf = (field: string): string | undefined => rulesAt(draft.error, field, text);
  return { fields, set: draft.set, server, owned, composed, catalogues: all, isReading, mayEdit, problemOf };
}
