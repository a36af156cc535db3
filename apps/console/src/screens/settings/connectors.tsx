import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ConnectorIdentity, connectors } from '../../api/connectors.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { CopyButton } from '../../ui/code.js';
import { Moment } from '../../ui/moment.js';
import { Notice } from '../../ui/notice.js';
import { Card, Facts, Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import styles from './settings.module.css';
import { SETTINGS } from './texts.js';

/** The keys of connectors with their fingerprints, and who uses them now. */
export function Connectors(): ReactNode {
  const { text } = useFormats();
  const identities = useQuery(connectors());
  return (
    <Card title={text(SETTINGS.connectors)}>
      <p className={styles['lead']}>{text(SETTINGS.connectorsLead)}</p>
      <Shown query={identities}>
        {(read) =>
          read.length === 0 ? (
            <Notice tone="warn">{text(SETTINGS.noConnectors)}</Notice>
          ) : (
            <ul className={styles['rows']}>
              {read.map((identity) => (
                <li key={identity.kid}>
                  <Identity identity={identity} />
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </Card>
  );
}

function Identity({ identity }: { identity: ConnectorIdentity }): ReactNode {
  const { text } = useFormats();
  const { fingerprint, state, retiredAt, connectors } = identity;
  const live = connectors.map(({ id, freeSlots, lentSlots }) => (
    <div key={id}>{text(SETTINGS.slots, { id, free: freeSlots, lent: lentSlots })}</div>
  ));
  return (
    <Facts
      facts={[
        [
          text(SETTINGS.fingerprint),
          <Row key="fingerprint">
            <code>{fingerprint}</code>
            <CopyButton content={fingerprint} label={text(SETTINGS.copyFingerprint)} />
          </Row>,
        ],
        [
          text(SETTINGS.keyState),
          <Badge key="state" tone={state === 'active' ? 'good' : 'neutral'}>
            {text(SETTINGS[state])}
          </Badge>,
        ],
        [text(SETTINGS.retiredAt), retiredAt === undefined ? undefined : <Moment key="retired" at={retiredAt} />],
        [text(SETTINGS.live), live.length === 0 ? text(SETTINGS.noneLive) : live],
      ]}
    />
  );
}
