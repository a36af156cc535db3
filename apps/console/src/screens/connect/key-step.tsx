import { Link, useBlocker } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Configuration, KnownClient, ServerChoice } from '../../api/connect.js';
import type { IssuedKey } from '../../api/keys.js';
import { IssueKey } from '../../parts/issue-key.js';
import { SecretOnce } from '../../parts/secret-once.js';
import { useMay, useSession } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Row } from '../../ui/page.js';
import styles from './connect.module.css';
import { CONNECT } from './texts.js';

/** The variable that every configuration uses for the key of the caller. */
const KEY_VARIABLE = 'LETHE_KEY';

/** A key that was issued here, without the key itself. */
export type KnownKey = Pick<IssuedKey, 'id' | 'name'>;

interface KeyStepProps {
  server: ServerChoice;
  client: KnownClient;
  /** The variables that the configuration reads. */
  asked: Configuration['variables'] | undefined;
  issued: KnownKey | undefined;
  onIssued: (key: KnownKey | undefined) => void;
}

/** How the client identifies itself: by a key that is issued here, unless the virtual server wants none. */
export function KeyStep({ server, ...props }: KeyStepProps): ReactNode {
  const { text } = useFormats();
  const { access } = server;
  if (access === 'open') return <p>{text(CONNECT.openAccess)}</p>;
  if (access !== 'key') return <p>{text(CONNECT.tokenAccess, { issuer: access.issuer })}</p>;
  return <OwnKey server={server} {...props} />;
}

function OwnKey({ server, client, asked, issued, onIssued }: KeyStepProps): ReactNode {
  const { text } = useFormats();
  const { administrator } = useSession();
  const mayIssue = useMay('editor');
  const [isAsking, setAsking] = useState(false);
  const [secret, setSecret] = useState<IssuedKey>();
  const isLeaving = useStay(secret !== undefined);
  const take = (key: IssuedKey): void => {
    setAsking(false);
    setSecret(key);
    onIssued({ id: key.id, name: key.name });
  };
  if (secret) {
    const variable = asked?.find(({ name }) => name === KEY_VARIABLE)?.name;
    return (
      <SecretOnce issued={secret} variable={variable} isLeaving={isLeaving} onStored={() => setSecret(undefined)} />
    );
  }
  if (isAsking) {
    const name = text(CONNECT.defaultName, { client: client.name, person: administrator?.name });
    return <IssueKey server={server} name={name.slice(0, 120)} onIssued={take} onCancel={() => setAsking(false)} />;
  }
  const ask = <Button onClick={() => setAsking(true)}>{text(issued ? CONNECT.another : CONNECT.issue)}</Button>;
  return (
    <div className={styles['part']}>
      {issued ? <Issued {...issued} /> : <p>{text(mayIssue ? CONNECT.keyLead : CONNECT.mayNot)}</p>}
      {mayIssue && <Row>{ask}</Row>}
      {!issued && <p className={styles['hint']}>{text(CONNECT.haveOne)}</p>}
    </div>
  );
}

/** The key that was issued. It has the focus, which was in what it takes the place of. */
function Issued({ id, name }: KnownKey): ReactNode {
  const { text } = useFormats();
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <p>
      <Link ref={link} to="/keys" search={{ key: id }}>
        {text(CONNECT.issued, { name })}
      </Link>
    </p>
  );
}

/** Stays on the screen and at the virtual server while a key is in sight. @returns whether somebody has tried to leave */
function useStay(isShown: boolean): boolean {
  const [hasTried, setTried] = useState(false);
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const isSame = current.pathname === next.pathname && serverIn(current.search) === serverIn(next.search);
      if (isShown && !isSame) setTried(true);
      return isShown && !isSame;
    },
    enableBeforeUnload: isShown,
  });
  return isShown && hasTried;
}

function serverIn(search: unknown): unknown {
  return typeof search === 'object' && search !== null && 'server' in search ? search.server : undefined;
}
