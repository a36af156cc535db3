import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, Suspense, useEffect, useRef } from 'react';
import { useConnection } from '../api/connection.js';
import { signOut, useSession } from '../session/session.js';
import { useFormats } from '../text/text.js';
import { Badge } from '../ui/badge.js';
import { Button } from '../ui/button.js';
import { Notice } from '../ui/notice.js';
import { Loading } from '../ui/states.js';
import icon from './icon.svg';
import { PaletteButton } from './palette/palette-button.js';
import { SCREENS } from './screens.js';
import styles from './shell.module.css';
import { APP } from './texts.js';
import { ThemeChoice } from './theme.js';

/** So much of the screen before the open one stays in sight, as a sign that there are more. */
const ROOM_BEFORE_PX = 40;

/** The frame around every screen: where to go, who is signed in, and whether what is shown is up to date. */
export function Shell(): ReactNode {
  const { text } = useFormats();
  return (
    <div className={styles['shell']}>
      <a className={styles['skip']} href="#content">
        {text(APP.skip)}
      </a>
      <div className={styles['side']}>
        <Link to="/" className={styles['brand']}>
          <img src={icon} alt="" width={28} height={28} />
          {text(APP.name)}
        </Link>
        <PaletteButton />
        <Links />
        <Foot />
      </div>
      <main id="content" className={styles['main']} tabIndex={-1}>
        <LostNotice />
        <Suspense fallback={<Loading />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}

/** The screens. On a phone they are one line to push sideways, which begins at the screen that is open. */
function Links(): ReactNode {
  const { text } = useFormats();
  const nav = useRef<HTMLElement>(null);
  // Only when the screen is there is its link the current one.
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  useEffect(() => {
    const here = nav.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (nav.current && here) nav.current.scrollLeft = here.offsetLeft - ROOM_BEFORE_PX;
  }, [path]);
  return (
    <nav ref={nav} className={styles['links']} aria-label={text(APP.navigation)}>
      {SCREENS.map(({ to, name }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
          {text(name)}
        </Link>
      ))}
    </nav>
  );
}

function LostNotice(): ReactNode {
  const { text } = useFormats();
  if (useConnection() !== 'lost') return null;
  return (
    <div className={styles['banner']}>
      <Notice tone="bad">{text(APP.lost)}</Notice>
    </div>
  );
}

function Foot(): ReactNode {
  const { text } = useFormats();
  const { administrator } = useSession();
  const queries = useQueryClient();
  const state = useConnection();
  return (
    <div className={styles['foot']}>
      <div role="status">
        {state === 'live' && <Badge tone="good">{text(APP.live)}</Badge>}
        {state === 'polling' && <span>{text(APP.polling)}</span>}
      </div>
      <ThemeChoice />
      {administrator && (
        <span className={styles['who']}>
          {text(APP.signedInAs, { name: administrator.name, role: administrator.role })}
        </span>
      )}
      <Button isSmall onClick={() => signOut(queries)}>
        {text(APP.signOut)}
      </Button>
    </div>
  );
}
