import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import type { Verification } from '../../api/verifications.js';
import { serversWithGateway } from '../../api/servers-with-gateway.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { ButtonLink } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Card, Facts, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import styles from './gateway.module.css';
import { GATEWAY } from './texts.js';
import { LoginCard, UpstreamCard } from './upstream-cards.js';
import { VerificationBadge } from './verification-badge.js';

/** What a gateway is and how it is doing. */
export function OverviewTab({ gateway }: { gateway: Gateway }): ReactNode {
  return (
    <>
      {gateway.description !== null && <p className={styles['description']}>{gateway.description}</p>}
      <div className={styles['cards']}>
        <NowCard gateway={gateway} />
        <UpstreamCard gateway={gateway} />
        <ServersCard gateway={gateway} />
        {gateway.facts?.oauth && <LoginCard oauth={gateway.facts.oauth} />}
      </div>
    </>
  );
}

function NowCard({ gateway }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const { slug, tags, kept, drift, listing, createdAt, lastVerification } = gateway;
  return (
    <Card title={text(GATEWAY.now)}>
      <Facts
        facts={[
          [text(GATEWAY.calls), <Liveness key="calls" liveness={gateway.liveness} />],
          [
            text(GATEWAY.lastVerification),
            lastVerification ? (
              <Link to="/gateways/$ref" params={{ ref: slug }} search={{ tab: 'verifications' }}>
                <VerificationBadge state={stateOf(lastVerification.state)} />
              </Link>
            ) : (
              text(GATEWAY.never)
            ),
          ],
          [
            text(GATEWAY.kept),
            <Link key="kept" to="/gateways/$ref" params={{ ref: slug }} search={{ tab: 'credential' }}>
              {text(kept ? GATEWAY.keptYes : GATEWAY.keptNo)}
            </Link>,
          ],
          [text(GATEWAY.policy), text(GATEWAY[`drift_${drift}`])],
          [text(GATEWAY.listing), text(GATEWAY[`listing_${listing}`])],
          [text(GATEWAY.tags), tags.length > 0 ? <Tags tags={tags} /> : undefined],
          [text(GATEWAY.created), <Moment key="created" at={createdAt} />],
        ]}
      />
    </Card>
  );
}

/** The view of a gateway has it as a text. */
function stateOf(state: string): Verification['state'] {
  return KNOWN_STATES.find((known) => known === state) ?? 'failed';
}
const KNOWN_STATES = ['awaiting_credential', 'running', 'verified', 'failed', 'lost', 'expired', 'cancelled'] as const;

function Tags({ tags }: { tags: readonly string[] }): ReactNode {
  return (
    <Row>
      {tags.map((tag) => (
        <Badge key={tag} tone="plain">
          {tag}
        </Badge>
      ))}
    </Row>
  );
}

function Liveness({ liveness: { state, answeredAt, failedAt } }: { liveness: Gateway['liveness'] }): ReactNode {
  const { text, since } = useFormats();
  if (state === 'unknown') return text(GATEWAY.unknown);
  const at = (state === 'answers' ? answeredAt : failedAt) ?? '';
  return <Badge tone={state === 'answers' ? 'good' : 'bad'}>{text(GATEWAY[state], { when: since(at) })}</Badge>;
}

/** Most virtual servers that are named. */
const MOST_NAMED = 10;

function ServersCard({ gateway: { slug, state } }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const servers = useQuery(serversWithGateway(slug));
  const mayMake = useMay('editor');
  const make = mayMake && state === 'verified' && (
    <ButtonLink to="/servers/new" search={{ gateway: slug }} isSmall>
      {text(GATEWAY.makeServer)}
    </ButtonLink>
  );
  return (
    <Card title={text(GATEWAY.servers)} actions={make}>
      <Shown query={servers}>
        {(found) =>
          found.length === 0 ? (
            <p className={styles['soft']}>{text(GATEWAY.serversNone)}</p>
          ) : (
            <ul className={styles['list']}>
              {found.slice(0, MOST_NAMED).map((server) => (
                <li key={server.id} className={styles['line']}>
                  <Link to="/servers/$ref" params={{ ref: server.slug }}>
                    {server.name}
                  </Link>
                  <span className={styles['soft']}>
                    {text(GATEWAY.exposes, { count: server.exposed.filter(({ gateway }) => gateway === slug).length })}
                  </span>
                </li>
              ))}
              {found.length > MOST_NAMED && (
                <li>
                  <Link to="/servers" search={{ gateway: slug }}>
                    {text(GATEWAY.more, { count: found.length - MOST_NAMED })}
                  </Link>
                </li>
              )}
            </ul>
          )
        }
      </Shown>
    </Card>
  );
}
