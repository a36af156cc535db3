import type { ReactNode } from 'react';
import type { Configuration, ServerChoice } from '../../api/connect.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import styles from './connect.module.css';
import { FIRST_CALL } from './first-call-texts.js';

/** What a client needs to reach, and what is known of it. */
export interface Awaited {
  server: ServerChoice;
  /** Id of the key that was issued here; without one, calls with any key count. */
  keyId: string | undefined;
  /** Where the client connects to, if that is known. */
  endpoint: string | undefined;
  /** How many proxies are alive, if that is known. */
  proxies: number | undefined;
  variables: Configuration['variables'];
}

/** What certainly is in the way, then what to check when no call comes. */
export function Checks(props: Awaited): ReactNode {
  const { text } = useFormats();
  const { server, keyId, endpoint, variables } = props;
  const variable = server.access === 'key' ? variables.find(({ name }) => name === 'LETHE_KEY')?.name : undefined;
  return (
    <>
      <Obstacles {...props} />
      <details className={styles['part']}>
        <summary>{text(FIRST_CALL.checksTitle)}</summary>
        <ol className={styles['checks']}>
          <li>{text(FIRST_CALL.restarted)}</li>
          {variable !== undefined && (
            <li>
              <p>{text(FIRST_CALL.variable)}</p>
              <Code
                content={`printenv ${variable} | cut -c1-26${keyId === undefined ? '' : `   # lethe_key_${keyId}`}`}
                label={text(FIRST_CALL.command)}
              />
            </li>
          )}
          {endpoint !== undefined && (
            <li>
              <p>{text(FIRST_CALL.reach)}</p>
              <Code
                content={`curl -s -o /dev/null -w '%{http_code}\\n' -X POST '${endpoint}'`}
                label={text(FIRST_CALL.command)}
              />
            </li>
          )}
          {server.access !== 'open' && <li>{text(FIRST_CALL.refused)}</li>}
          <li>{text(FIRST_CALL.log, { slug: server.slug })}</li>
        </ol>
      </details>
    </>
  );
}

function Obstacles({ server, endpoint, proxies }: Awaited): ReactNode {
  const { text } = useFormats();
  const host = endpoint === undefined ? '' : new URL(endpoint).hostname;
  const look = (
    <ButtonLink isSmall to="/servers/$ref" params={{ ref: server.slug }}>
      {text(FIRST_CALL.open)}
    </ButtonLink>
  );
  return (
    <>
      {proxies === 0 && <Notice tone="bad">{text(FIRST_CALL.noProxy)}</Notice>}
      {!server.enabled && (
        <Notice tone="bad" actions={look}>
          {text(FIRST_CALL.off)}
        </Notice>
      )}
      {server.exposed.length === 0 && (
        <Notice tone="warn" actions={look}>
          {text(FIRST_CALL.nothing)}
        </Notice>
      )}
      {/^(localhost|127\.|\[::1\])/.test(host) && (
        <p className={styles['hint']}>{text(FIRST_CALL.loopback, { host })}</p>
      )}
    </>
  );
}
