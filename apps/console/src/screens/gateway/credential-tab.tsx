import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Versioned } from '../../api/client.js';
import type { Gateway } from '../../api/gateways.js';
import { type Forgotten, type KeptCredential, keptCredential } from '../../api/kept-credential.js';
import { download } from '../../parts/download.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Code } from '../../ui/code.js';
import { Moment } from '../../ui/moment.js';
import { Notice } from '../../ui/notice.js';
import { Card, Facts } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { CREDENTIAL } from './credential-texts.js';
import { ForgetButton } from './forget-button.js';
import styles from './gateway.module.css';

/** Whether a credential is kept for the calls of a gateway, who can open it, and how it is forgotten. */
export function CredentialTab({ read }: { read: Versioned<Gateway> }): ReactNode {
  const kept = useQuery(keptCredential(read.value.slug));
  return <Shown query={kept}>{(shown) => <Kept read={read} shown={shown} />}</Shown>;
}

interface KeptProps {
  read: Versioned<Gateway>;
  shown: KeptCredential;
}

function Kept({ read, shown }: KeptProps): ReactNode {
  const { text } = useFormats();
  const isEditor = useMay('editor');
  const { kept, refused, forgotten } = shown;
  return (
    <>
      {kept ? (
        <Card title={text(CREDENTIAL.keptTitle)} actions={isEditor && <ForgetButton read={read} />}>
          <p className={styles['soft']}>{text(CREDENTIAL.kept)}</p>
          <KeptFacts kept={kept} proxies={shown.proxies} />
        </Card>
      ) : (
        <Card title={text(CREDENTIAL.noneTitle)}>
          <p>{text(CREDENTIAL.none)}</p>
          {refused && <Notice>{text(CREDENTIAL[refused])}</Notice>}
          {forgotten && <LastForgotten slug={read.value.slug} forgotten={forgotten} />}
        </Card>
      )}
      {isEditor && refused === null && <HowToKeep slug={read.value.slug} isKept={kept !== null} />}
    </>
  );
}

function HowToKeep({ slug, isKept }: { slug: string; isKept: boolean }): ReactNode {
  const { text } = useFormats();
  return (
    <Card>
      <p>{text(isKept ? CREDENTIAL.howAgain : CREDENTIAL.how)}</p>
      <Code label={text(CREDENTIAL.command)} content={`lethe keep ${slug}`} />
      <p className={styles['soft']}>{text(CREDENTIAL.howWhere)}</p>
    </Card>
  );
}

function KeptFacts({
  kept,
  proxies,
}: {
  kept: NonNullable<KeptCredential['kept']>;
  proxies: KeptCredential['proxies'];
}): ReactNode {
  const { text, since, number } = useFormats();
  const isUsable = kept.state === 'usable';
  return (
    <Facts
      facts={[
        [
          text(CREDENTIAL.state),
          <div key="state">
            <Badge tone={isUsable ? 'good' : 'bad'}>{text(CREDENTIAL[kept.state])}</Badge>
            {kept.rejectedAt !== null && (
              <Badge tone="bad">{text(CREDENTIAL.rejected, { when: since(kept.rejectedAt) })}</Badge>
            )}
          </div>,
        ],
        [text(CREDENTIAL.until), <Moment key="until" at={kept.until} />],
        [text(CREDENTIAL.revision), number(kept.keptRevision)],
        [text(CREDENTIAL.by), text(CREDENTIAL.byText, { name: kept.by.name, when: since(kept.at) })],
        [
          text(CREDENTIAL.proxies),
          proxies.length === 0 ? (
            text(CREDENTIAL.noProxies)
          ) : (
            <ul>
              {proxies.map(({ host, isCurrent }, index) => (
                // Workers of one host have its name alone.
                <li key={`${host} ${index}`}>
                  <Badge tone={isCurrent ? 'good' : 'warn'}>
                    {text(isCurrent ? CREDENTIAL.current : CREDENTIAL.behind, { host })}
                  </Badge>
                </li>
              ))}
            </ul>
          ),
        ],
      ]}
    />
  );
}

function LastForgotten({ slug, forgotten }: { slug: string; forgotten: Forgotten }): ReactNode {
  const { text, since } = useFormats();
  const { by, at, keptRevision: revision, receipt } = forgotten;
  const save = (): void => download(`forgotten-${slug}-${revision}.jws`, receipt, 'application/jose');
  return (
    <Notice
      tone="good"
      title={text(CREDENTIAL.forgottenTitle)}
      actions={
        <Button isSmall onClick={save}>
          {text(CREDENTIAL.receipt)}
        </Button>
      }
    >
      {text(CREDENTIAL.forgottenBy, { name: by.name, when: since(at), revision })}
    </Notice>
  );
}
