import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { type ReactNode, Suspense } from 'react';
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
        <nav className={styles['links']} aria-label={text(APP.navigation)}>
          {SCREENS.map(({ to, name }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
              {text(name)}
            </Link>
          ))}
        </nav>
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
      {administrator && <span>{text(APP.signedInAs, { name: administrator.name, role: administrator.role })}</span>}
      <Button isSmall onClick={() => signOut(queries)}>
        {text(APP.signOut)}
      </Button>
    </div>
  );
}
