import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Overview } from '../../api/activity.js';
import { status, type Status } from '../../api/status.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Card, Facts, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import styles from './home.module.css';
import { HOME } from './texts.js';

/** Gateways by state, and virtual servers. */
export function GatewaysCard({ found: { gateways, servers } }: { found: Overview }): ReactNode {
  const { text } = useFormats();
  return (
    <Card title={text(HOME.gateways)}>
      <p>
        <Link to="/gateways">{text(HOME.gatewayTotal, { count: gateways.total })}</Link>
      </p>
      <Row>
        <Badge tone="good">{text(HOME.isVerified, { count: gateways.verified })}</Badge>
        {gateways.unverified > 0 && (
          <Link to="/gateways" search={{ state: 'unverified' }}>
            <Badge>{text(HOME.isUnverified, { count: gateways.unverified })}</Badge>
          </Link>
        )}
        {gateways.off > 0 && <Badge tone="bad">{text(HOME.isOff, { count: gateways.off })}</Badge>}
      </Row>
      <p>
        <Link to="/servers">{text(HOME.servers, { ...servers })}</Link>
      </p>
    </Card>
  );
}

/** Drift that an administrator decides about. */
export function ReviewCard({ found: { gateways } }: { found: Overview }): ReactNode {
  const { text } = useFormats();
  const { pending, suspected } = gateways;
  return (
    <Card title={text(HOME.review)}>
      {pending === 0 && suspected === 0 && <p className={styles['soft']}>{text(HOME.nothingToReview)}</p>}
      {pending > 0 && (
        <Link to="/gateways" search={{ drift: 'pending' }}>
          {text(HOME.pending, { count: pending })}
        </Link>
      )}
      {suspected > 0 && (
        <Link to="/gateways" search={{ drift: 'suspected' }}>
          {text(HOME.suspected, { count: suspected })}
        </Link>
      )}
    </Card>
  );
}

/** Whether the services are there and work. */
export function PartsCard(): ReactNode {
  const { text } = useFormats();
  const found = useQuery(status());
  return (
    <Card title={text(HOME.parts)}>
      <Shown query={found}>
        {(seen) => (
          <Facts
            facts={[
              [text(HOME.registry), <Registry key="registry" found={seen} />],
              [text(HOME.connectors), <Connectors key="connectors" found={seen} />],
              [text(HOME.proxies), <Proxies key="proxies" found={seen} />],
              [text(HOME.version), seen.version],
            ]}
          />
        )}
      </Shown>
    </Card>
  );
}

function Registry({ found: { isReady, checks } }: { found: Status }): ReactNode {
  const { text, list } = useFormats();
  const failed = Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [name]));
  return (
    <Badge tone={isReady ? 'good' : 'bad'}>
      {isReady ? text(HOME.ready) : text(HOME.notReady, { checks: list(failed) })}
    </Badge>
  );
}

function Connectors({ found: { connectors } }: { found: Status }): ReactNode {
  const { text } = useFormats();
  const { live, freeSlots: free } = connectors;
  return (
    <Badge tone={live > 0 ? 'good' : 'bad'}>
      {live > 0 ? text(HOME.liveConnectors, { live, free }) : text(HOME.noConnector)}
    </Badge>
  );
}

function Proxies({ found: { proxies } }: { found: Status }): ReactNode {
  const { text } = useFormats();
  return (
    <Badge tone={proxies.length > 0 ? 'good' : 'bad'}>
      {proxies.length > 0 ? text(HOME.liveProxies, { count: proxies.length }) : text(HOME.noProxy)}
    </Badge>
  );
}
