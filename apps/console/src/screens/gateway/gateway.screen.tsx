import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Versioned } from '../../api/client.js';
import { type Gateway, oneGateway } from '../../api/gateways.js';
import { serversWithGateway } from '../../api/servers-with-gateway.js';
import { GatewayState } from '../../parts/gateway-state.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Page, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { type Tab, Tabs } from '../../ui/tabs.js';
import { CredentialTab } from './credential-tab.js';
import { DeleteGateway } from './delete-gateway.js';
import { EditTab } from './edit-tab.js';
import { GatewayNotices } from './gateway-notices.js';
import { ItemsTab } from './items-tab.js';
import { OverviewTab } from './overview-tab.js';
import { SwitchButton } from './switch-button.js';
import { GATEWAY } from './texts.js';
import { VerificationsTab } from './verifications-tab.js';

const route = getRouteApi('/gateways/$ref');

/** One gateway: what it is, what it serves, its verifications, its credential, and how it is changed. */
export function GatewayScreen(): ReactNode {
  const { ref } = route.useParams();
  const gateway = useQuery(oneGateway(ref));
  if (gateway.data === undefined) {
    return (
      <Page title={ref}>
        <Shown query={gateway}>{() => null}</Shown>
      </Page>
    );
  }
  return <Shown query={gateway}>{(read) => <OneGateway key={read.value.id} read={read} />}</Shown>;
}

function OneGateway({ read }: { read: Versioned<Gateway> }): ReactNode {
  const { text } = useFormats();
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  const isEditor = useMay('editor');
  const gateway = read.value;
  const lead = (
    <Row>
      <code>{gateway.slug}</code>
      <GatewayState gateway={gateway} />
    </Row>
  );
  const tabs: Tab[] = [
    { value: 'overview', title: text(GATEWAY.overview), content: () => <OverviewTab gateway={gateway} /> },
    { value: 'items', title: text(GATEWAY.items), content: () => <ItemsTab gateway={gateway} /> },
    {
      value: 'verifications',
      title: text(GATEWAY.verifications),
      content: () => <VerificationsTab gateway={gateway} />,
    },
    { value: 'credential', title: text(GATEWAY.credential), content: () => <CredentialTab read={read} /> },
  ];
  if (isEditor) tabs.push({ value: 'edit', title: text(GATEWAY.edit), content: () => <Edit read={read} /> });
  return (
    <Page title={gateway.name} lead={lead} actions={<Actions read={read} isEditor={isEditor} />}>
      <GatewayNotices gateway={gateway} isEditor={isEditor} />
      <Tabs
        label={text(GATEWAY.tabs)}
        tabs={tabs}
        value={tabs.find(({ value }) => value === tab)?.value ?? 'overview'}
        onValue={(value) => void navigate({ search: value === 'overview' ? {} : { tab: value }, replace: true })}
      />
    </Page>
  );
}

function Edit({ read }: { read: Versioned<Gateway> }): ReactNode {
  return (
    <>
      <EditTab read={read} />
      <DeleteGateway read={read} />
    </>
  );
}

function Actions({ read, isEditor }: { read: Versioned<Gateway>; isEditor: boolean }): ReactNode {
  const { text } = useFormats();
  const { slug, state } = read.value;
  const servers = useQuery(serversWithGateway(slug));
  const server = servers.data?.find((each) => each.enabled && each.exposed.some(({ gateway }) => gateway === slug));
  const isVerified = state === 'verified';
  return (
    <>
      {isEditor && <SwitchButton read={read} />}
      {server && (
        <ButtonLink to="/try" search={{ server: server.slug }}>
          {text(GATEWAY.try)}
        </ButtonLink>
      )}
      {isEditor && (
        <ButtonLink to="/gateways/$ref/verify" params={{ ref: slug }} look="primary">
          {text(isVerified ? GATEWAY.verify : GATEWAY.verifyFirst)}
        </ButtonLink>
      )}
    </>
  );
}
