import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import type { Versioned } from '../../api/client.js';
import { isGone } from '../../api/server-documents.js';
import { changeServer, oneServer, type Published, readServer, type Server } from '../../api/servers.js';
import { useDraft } from '../../editing/use-draft.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { useToasts } from '../../ui/toasts.js';
import { Composer } from './composer.js';
import { draftOf, JOINS } from './server-draft.js';
import { COMPOSER } from './texts.js';

const route = getRouteApi('/servers/$ref');

/** One virtual server: what it has, who may call it, and how it is changed. */
export function ServerScreen(): ReactNode {
  const { text, since } = useFormats();
  const { ref } = route.useParams();
  const server = useQuery(oneServer(ref));
  const shown = server.data?.value;
  if (isGone(server.error)) return <Gone />;
  return (
    <Page
      title={shown?.name ?? ref}
      lead={shown && text(COMPOSER.lead, { revision: shown.revision, since: since(shown.updatedAt), path: shown.path })}
      actions={
        shown && (
          <>
            <ButtonLink to="/connect" search={{ server: shown.slug }}>
              {text(COMPOSER.connect)}
            </ButtonLink>
            <ButtonLink to="/try" search={{ server: shown.slug }}>
              {text(COMPOSER.try)}
            </ButtonLink>
          </>
        )
      }
    >
      <Shown query={server}>{(latest) => <EditedServer key={latest.value.id} latest={latest} />}</Shown>
    </Page>
  );
}

function EditedServer({ latest }: { latest: Versioned<Server> }): ReactNode {
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const tell = usePublishedToast();
  const effect = useRef<Effect>({ isServed: false, late: [] });
  const { slug } = latest.value;
  const remember = <V extends Versioned<Server>>(read: V): V => {
    queries.setQueryData(oneServer(slug).queryKey, { value: read.value, etag: read.etag });
    return read;
  };
  const draft = useDraft({
    latest,
    draftOf,
    joins: JOINS,
    save: async (changes, etag) => {
      const published = remember(await changeServer(slug, changes, etag));
      effect.current = published;
      await queries.invalidateQueries({ queryKey: ['servers'], refetchType: 'active' });
      return published;
    },
    reread: async () => remember(await readServer(slug)),
    onSaved: ({ value }, undo) => tell(value.revision, effect.current, undo),
  });
  return (
    <Composer
      draft={draft}
      server={latest.value}
      tab={tab}
      onTab={(next) => void navigate({ search: { tab: next }, replace: true })}
    />
  );
}

type Effect = Pick<Published, 'isServed' | 'late'>;

/** Tells that a change is published, as which revision, and which proxies are late. */
function usePublishedToast(): (revision: number, effect: Effect, undo: () => Promise<unknown>) => void {
  const { text, list } = useFormats();
  const toasts = useToasts();
  return (revision, { isServed, late }, undo) => {
    const slow = late.length === 0 ? COMPOSER.soon : COMPOSER.late;
    toasts.done(text(isServed ? COMPOSER.published : slow, { revision, hosts: list(late) }), undo);
  };
}

function Gone(): ReactNode {
  const { text } = useFormats();
  return (
    <Page title={text(COMPOSER.gone)}>
      <Empty title={text(COMPOSER.gone)} action={<ButtonLink to="/servers">{text(COMPOSER.all)}</ButtonLink>}>
        {text(COMPOSER.goneWhy)}
      </Empty>
    </Page>
  );
}
