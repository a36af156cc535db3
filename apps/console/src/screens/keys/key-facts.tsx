import type { ReactNode } from 'react';
import type { Key } from '../../api/keys.js';
import { KeyEnd, KeyState } from '../../parts/key-end.js';
import { ServerName } from '../../parts/server-field.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Facts } from '../../ui/page.js';
import { KeyLink, Servers, Used } from './keys-table.js';
import styles from './keys.module.css';
import { KEYS } from './texts.js';

/** What is done with the key that is open. */
export type KeyStep = 'facts' | 'change' | 'rotate' | 'revoke';

interface KeyFactsProps {
  current: Key;
  onStep: (step: KeyStep) => void;
}

/** What is known of a key. */
export function KeyFacts({ current, onStep }: KeyFactsProps): ReactNode {
  const { text } = useFormats();
  const mayChange = useMay('editor');
  const { id, servers, roles, replaces, replacedBy } = current;
  const other = (key: string | null): ReactNode =>
    key === null ? undefined : <KeyLink id={key}>{text(KEYS.openKey, { id: key })}</KeyLink>;
  return (
    <>
      <Facts
        facts={[
          [text(KEYS.state), <KeyState key="state" {...current} />],
          [text(KEYS.servers), <Servers key="servers" servers={servers} most={20} />],
          [text(KEYS.roles), roles.join(', ') || text(KEYS.noRoles)],
          [text(KEYS.ends), <KeyEnd key="ends" expiresAt={current.expiresAt} />],
          [text(KEYS.used), <LastUse key="used" current={current} />],
          [text(KEYS.created), <Moment key="created" at={current.createdAt} />],
          [text(KEYS.replaces), other(replaces)],
          [text(KEYS.replacedBy), other(replacedBy)],
          [text(KEYS.id), <code key="id">{id}</code>],
        ]}
      />
      <div className={styles['actions']}>
        {mayChange && (
          <>
            <Button onClick={() => onStep('change')}>{text(KEYS.change)}</Button>
            {replacedBy === null && <Button onClick={() => onStep('rotate')}>{text(KEYS.rotate)}</Button>}
            <Button look="danger" onClick={() => onStep('revoke')}>
              {text(KEYS.revoke)}
            </Button>
          </>
        )}
        <ButtonLink to="/connect">{text(KEYS.connect)}</ButtonLink>
      </div>
    </>
  );
}

/** When a key was used last, and for which virtual server. */
export function LastUse({ current: { lastUsedAt, lastServerId } }: { current: Key }): ReactNode {
  const { text } = useFormats();
  return (
    <>
      <Used at={lastUsedAt} />
      {lastUsedAt !== null && lastServerId !== null && (
        <>
          {` ${text(KEYS.usedFor)} `}
          <ServerName id={lastServerId} />
        </>
      )}
    </>
  );
}
