import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { ShownText } from '../../parts/shown-text.js';
import { useFormats } from '../../text/text.js';
import { Card, Facts } from '../../ui/page.js';
import styles from './gateway.module.css';
import { GATEWAY } from './texts.js';

type GatewayFacts = NonNullable<Gateway['facts']>;

/** The upstream as the last verification found it. */
export function UpstreamCard({ gateway }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const { url, transport, facts, eras, passthroughHeaders } = gateway;
  return (
    <Card title={text(GATEWAY.upstream)}>
      <Facts
        facts={[
          [text(GATEWAY.url), <code key="url">{url}</code>],
          [text(GATEWAY.transport), facts?.transport ?? transport],
          [text(GATEWAY.server), facts && <ServerName facts={facts} />],
          ...eras.map(({ era, protocolVersion: version, sessionful }) => {
            const values = { version, sessionful: sessionful ? 'yes' : 'no' };
            return [text(GATEWAY.era, { era }), text(GATEWAY.eraFacts, values)] as const;
          }),
          [text(GATEWAY.scope), facts && text(GATEWAY[`scope_${facts.listScope}`])],
          [text(GATEWAY.headers), passthroughHeaders.map(({ header }) => header).join(', ') || undefined],
        ]}
      />
      {facts ? <Instructions facts={facts} /> : <p className={styles['soft']}>{text(GATEWAY.noFacts)}</p>}
    </Card>
  );
}

function ServerName({ facts: { serverInfo } }: { facts: GatewayFacts }): ReactNode {
  const { title, name, version } = serverInfo;
  const shown = [title ?? name, version].filter((part) => typeof part === 'string').join(' ');
  return <ShownText content={shown} />;
}

function Instructions({ facts: { instructions } }: { facts: GatewayFacts }): ReactNode {
  const { text } = useFormats();
  if (instructions === undefined) return null;
  return (
    <details className={styles['details']}>
      <summary>{text(GATEWAY.instructions)}</summary>
      <p className={styles['said']} dir="auto">
        <ShownText content={instructions} />
      </p>
    </details>
  );
}

/** Where people log in for the upstream. */
export function LoginCard({ oauth }: { oauth: NonNullable<GatewayFacts['oauth']> }): ReactNode {
  const { text, list } = useFormats();
  const { resource, servers, scope, scopes } = oauth;
  return (
    <Card title={text(GATEWAY.login)}>
      <Facts
        facts={[
          [text(GATEWAY.resource), <code key="resource">{resource}</code>],
          [
            text(GATEWAY.issuer),
            <ul key="issuers">
              {servers.map(({ issuer, device, dpop }) => (
                <li key={issuer}>
                  <code>{issuer}</code>
                  <div className={styles['soft']}>
                    {list(
                      [device && text(GATEWAY.device), dpop && text(GATEWAY.dpop)].filter((each) => each !== undefined),
                    )}
                  </div>
                </li>
              ))}
            </ul>,
          ],
          [text(GATEWAY.scopes), scope ?? scopes?.join(' ')],
        ]}
      />
    </Card>
  );
}
