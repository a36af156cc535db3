import { slugify } from '@lethe/mcp';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { createServer, deleteServer, oneServer, readServer } from '../../api/servers.js';
import { useDraft } from '../../editing/use-draft.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { TextField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card, Page } from '../../ui/page.js';
import { useToasts } from '../../ui/toasts.js';
import { Composer } from './composer.js';
import styles from './composer.module.css';
import { NEW_SERVER, newServerOf, type ServerDraft } from './server-draft.js';
import { SETTINGS } from './settings-texts.js';
import { COMPOSER } from './texts.js';
import { useRuleOf } from '../../parts/rules.js';
import { UI } from '../../ui/texts.js';

const route = getRouteApi('/servers/new');

/** Makes a virtual server: the composer before anything is published. */
export function NewServerScreen(): ReactNode {
  const { text } = useFormats();
  const mayCreate = useMay('editor');
  return (
    <Page title={text(COMPOSER.newTitle)} lead={text(COMPOSER.newLead)}>
      {mayCreate ? <NewServer /> : <Notice tone="warn">{text(UI.roleRequired)}</Notice>}
    </Page>
  );
}

function NewServer(): ReactNode {
  const { gateway } = route.useSearch();
  const [tab, setTab] = useState('items');
  const begin: ServerDraft = gateway === undefined ? NEW_SERVER : { ...NEW_SERVER, include: [{ gateway }] };
  const draft = useNewServer(begin);
  return (
    <>
      <Identity fields={draft.fields} set={draft.set} error={draft.error} />
      <Composer draft={draft} server={undefined} tab={tab} onTab={setTab} />
    </>
  );
}

function useNewServer(begin: ServerDraft) {
  const { text } = useFormats();
  const queries = useQueryClient();
  const toasts = useToasts();
  const navigate = route.useNavigate();
  return useDraft<ServerDraft, ServerDraft>({
    latest: { value: begin, etag: undefined },
    draftOf: (value) => value,
    save: async (changes) => {
      const made = await createServer(newServerOf({ ...begin, ...changes }));
      const { slug, name } = made.value;
      queries.setQueryData(oneServer(slug).queryKey, { value: made.value, etag: made.etag });
      await queries.invalidateQueries({ queryKey: ['servers', 'list'] });
      toasts.done(text(made.isServed ? COMPOSER.made : COMPOSER.madeSoon, { name }), async () => {
        await deleteServer(slug, made.etag);
        await navigate({ to: '/servers', search: {}, ignoreBlocker: true });
      });
      await navigate({ to: '/servers/$ref', params: { ref: slug }, search: {}, ignoreBlocker: true });
      return { value: begin, etag: undefined };
    },
    reread: async () => {
      const { value } = await readServer(begin.slug);
      return { value, etag: undefined };
    },
    onSaved: () => undefined,
  });
}

interface IdentityProps {
  fields: ServerDraft;
  set: (changes: Partial<ServerDraft>) => void;
  error: unknown;
}

/** Name and slug; the slug follows from the name until somebody types one. */
function Identity({ fields, set, error }: IdentityProps): ReactNode {
  const { text } = useFormats();
  const problemOf = useRuleOf(error);
  const isOwn = fields.slug !== slugOf(fields.name);
  const rename = (name: string): void => set({ name, ...(!isOwn && { slug: slugOf(name) }) });
  return (
    <Card>
      <div className={styles['pair']}>
        <TextField label={text(SETTINGS.name)} error={problemOf('name')} value={fields.name} onValue={rename} />
        <TextField
          label={text(SETTINGS.slug)}
          hint={text(SETTINGS.slugHint)}
          error={problemOf('slug')}
          value={fields.slug}
          onValue={(slug) => set({ slug })}
        />
      </div>
    </Card>
  );
}

/** The slug that the registry would make of a name. */
function slugOf(name: string): string {
  return name.trim() === '' ? '' : slugify(name);
}
