import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type KnownClient, knownClients, serverChoice, serverChoices, type Way } from '../../api/connect.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Failed, Shown } from '../../ui/states.js';
import { ChoiceStep } from './choice-step.js';
import { ClientSteps } from './client-steps.js';
import styles from './connect.module.css';
import { CONNECT } from './texts.js';

const route = getRouteApi('/connect');

/** Connects a client to a virtual server, up to its first call. What is chosen stands in the address. */
export function ConnectScreen(): ReactNode {
  const { text } = useFormats();
  const { server } = route.useSearch();
  const servers = useQuery(serverChoices(''));
  return (
    <Page title={text(CONNECT.title)} lead={text(CONNECT.lead)}>
      <Shown query={servers}>
        {({ items }) =>
          items.length === 0 && server === undefined ? (
            <NoServers />
          ) : (
            <Chosen slug={server ?? (items.length === 1 ? items[0]?.slug : undefined) ?? ''} />
          )
        }
      </Shown>
    </Page>
  );
}

function Chosen({ slug }: { slug: string }): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const known = useQuery({ ...knownClients(slug), enabled: slug !== '' });
  const client = known.data?.find((each) => each.client === search.client) ?? known.data?.[0];
  const way = client?.ways.find((each) => each === search.way) ?? 'headers';
  return (
    <div className={styles['steps']}>
      <ChoiceStep
        slug={slug}
        clients={known.data ?? []}
        client={client}
        way={way}
        onChange={(next) => void navigate({ search: { ...search, ...next }, replace: true })}
      />
      {known.error && known.data === undefined && <Failed error={known.error} onAgain={() => void known.refetch()} />}
      {client && <OneServer key={slug} slug={slug} client={client} way={way} />}
    </div>
  );
}

interface OneServerProps {
  slug: string;
  client: KnownClient;
  way: Way;
}

function OneServer({ slug, client, way }: OneServerProps): ReactNode {
  const server = useQuery(serverChoice(slug));
  return <Shown query={server}>{(found) => <ClientSteps server={found} client={client} way={way} />}</Shown>;
}

function NoServers(): ReactNode {
  const { text } = useFormats();
  const mayCompose = useMay('editor');
  const compose = (
    <ButtonLink to="/servers/new" look="primary">
      {text(CONNECT.compose)}
    </ButtonLink>
  );
  return (
    <Empty title={text(CONNECT.emptyTitle)} action={mayCompose && compose}>
      {text(CONNECT.empty)}
    </Empty>
  );
}
