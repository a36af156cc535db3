import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Card } from '../../ui/page.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { LOOK } from './item-texts.js';

/** What is left out and why, what upstreams no longer list, and what the registry warns of. */
export function Look(): ReactNode {
  const { text, since, number } = useFormats();
  const { server, composed } = useComposing();
  const unknown = composed.unknown.map(({ gateway, name }) => text(LOOK.unknown, { own: name, gateway }));
  const published = [
    ...(server?.leftOut ?? [])
      .filter(({ reason }) => reason !== 'item_unknown')
      .map(({ gateway, own = '', reason }) => text(LOOK[reason], { gateway, own })),
    ...(server?.lost ?? []).map(({ gateway, name, since: at }) => text(LOOK.lost, { gateway, name, since: since(at) })),
    ...(server?.warnings ?? []).map(({ code, ...values }) => text(LOOK[code], { ...values })),
    ...(server?.curationWarnings ?? []).map(({ code, gateway = '', estimatedTokens = 0, limitTokens = 0 }) =>
      text(LOOK[code], {
        gateway,
        estimatedTokens: number(estimatedTokens),
        limitTokens: number(limitTokens),
      }),
    ),
  ];
  if (unknown.length + published.length === 0) return null;
  return (
    <Card title={text(LOOK.title)}>
      <ul className={styles['look']}>
        {[...unknown, ...published].map((sentence) => (
          <li key={sentence}>{showHidden(sentence)}</li>
        ))}
      </ul>
      {server && published.length > 0 && (
        <p className={styles['soft']}>{text(LOOK.published, { revision: server.revision })}</p>
      )}
    </Card>
  );
}
