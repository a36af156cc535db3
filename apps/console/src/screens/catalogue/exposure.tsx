import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import type { FoundItem, ItemKind } from '../../api/items.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Shown } from '../../ui/states.js';
import styles from './catalogue.module.css';
import { ITEM } from './texts.js';

interface ExposureProps {
  kind: ItemKind;
  found: UseQueryResult<FoundItem | null>;
}

/** The virtual servers that expose an item, and the names it has there. */
export function Exposure({ kind, found }: ExposureProps): ReactNode {
  const { text } = useFormats();
  return (
    <section className={styles['part']}>
      <h3>{text(ITEM.exposure)}</h3>
      <Shown query={found}>
        {(item) =>
          !item || item.servers.length === 0 ? (
            <p className={styles['soft']}>{text(ITEM.notExposed)}</p>
          ) : (
            <ul className={styles['servers']}>
              {item.servers.map(({ slug, exposed }) => (
                <li key={`${slug} ${exposed}`}>
                  <span>
                    <Link to="/servers/$ref" params={{ ref: slug }}>
                      {slug}
                    </Link>{' '}
                    <span className={styles['soft']}>{text(ITEM.exposedAs, { name: showHidden(exposed) })}</span>
                  </span>
                  <ButtonLink to="/try" search={{ server: slug, kind, item: exposed }} isSmall>
                    {text(ITEM.try)}
                  </ButtonLink>
                </li>
              ))}
              {item.exposedCount > item.servers.length && (
                <li className={styles['soft']}>
                  {text(ITEM.more, { count: item.exposedCount - item.servers.length })}
                </li>
              )}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}
