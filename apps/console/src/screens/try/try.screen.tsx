import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode } from 'react';
import { type CallableServer, callableServer, callableServers } from '../../api/callable.js';
import { oneGateway } from '../../api/gateways.js';
import { status } from '../../api/status.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Page } from '../../ui/page.js';
import { Empty, Failed, Loading, Shown } from '../../ui/states.js';
import { headersFor } from './secrets.js';
import { TRY } from './texts.js';
import { TryServer } from './try-server.js';

const route = getRouteApi('/try');

/** Calls a virtual server from the page, through the proxy, with a key and credentials that stay in the page. */
export function TryScreen(): ReactNode {
  const { text } = useFormats();
  const { server } = route.useSearch();
  const navigate = route.useNavigate();
  const servers = useInfiniteQuery(callableServers());
  const mayMake = useMay('editor');
  const make = (
    <ButtonLink to="/servers/new" look="primary">
      {text(TRY.make)}
    </ButtonLink>
  );
  return (
    <Page title={text(TRY.title)} lead={text(TRY.lead)}>
      <Shown query={servers}>
        {(known) =>
          known.length === 0 && server === undefined ? (
            <Empty title={text(TRY.emptyTitle)} action={mayMake && make}>
              {text(TRY.empty)}
            </Empty>
          ) : (
            <SelectField
              label={text(TRY.server)}
              value={server ?? ''}
              choices={[
                { value: '', label: text(TRY.choose) },
                ...namedAlone(server, known),
                ...known.map(({ slug, name }) => ({ value: slug, label: `${name} (${slug})` })),
              ]}
              onValue={(slug) => void navigate({ search: slug === '' ? {} : { server: slug } })}
            />
          )
        }
      </Shown>
      {/* Another server gets nothing of what was typed for this one. */}
      {server !== undefined && <Chosen key={server} slug={server} />}
    </Page>
  );
}

/** What the address names stays a choice, also if it is off or far down in the list. */
function namedAlone(server: string | undefined, known: readonly CallableServer[]): { value: string; label: string }[] {
  return server === undefined || known.some(({ slug }) => slug === server) ? [] : [{ value: server, label: server }];
}

function Chosen({ slug }: { slug: string }): ReactNode {
  const { text } = useFormats();
  const server = useQuery(callableServer(slug));
  const deployment = useQuery(status());
  const gateways = useQueries({ queries: (server.data?.gateways ?? []).map((ref) => oneGateway(ref)) });
  const failed = gateways.find(({ error, data }) => error && data === undefined);
  const read = gateways.flatMap(({ data }) => (data ? [data.value] : []));
  if (failed) return <Failed error={failed.error} onAgain={() => void failed.refetch()} />;
  return (
    <Shown query={server}>
      {(found) => (
        <Shown query={deployment}>
          {({ proxyUrl }) => {
            if (proxyUrl === null) {
              return (
                <Notice tone="warn" title={text(TRY.noProxy)}>
                  {text(TRY.noProxyHelp)}
                </Notice>
              );
            }
            if (read.length < gateways.length) return <Loading />;
            const url = `${proxyUrl.replace(/\/+$/, '')}${found.path}`;
            return <TryServer server={found} url={url} needed={headersFor(found, read)} />;
          }}
        </Shown>
      )}
    </Shown>
  );
}
