import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Row } from '../../ui/page.js';
import { Empty } from '../../ui/states.js';
import styles from './gateway.module.css';
import { GATEWAY } from './texts.js';

const KINDS = [
  { kind: 'tool', count: 'tools', title: GATEWAY.tool },
  { kind: 'resource', count: 'resources', title: GATEWAY.resourceKind },
  { kind: 'resourceTemplate', count: 'resourceTemplates', title: GATEWAY.resourceTemplate },
  { kind: 'prompt', count: 'prompts', title: GATEWAY.prompt },
] as const;

/** How many items a gateway serves, with the way to them. */
export function ItemsTab({ gateway: { slug, counts } }: { gateway: Gateway }): ReactNode {
  const { text, number } = useFormats();
  if (counts === null) return <Empty title={text(GATEWAY.noItemsTitle)}>{text(GATEWAY.noItems)}</Empty>;
  const { skipped, conditional = 0 } = counts;
  return (
    <>
      <div className={styles['tiles']}>
        {KINDS.map(({ kind, count, title }) => (
          <Link key={kind} className={styles['tile']} to="/catalogue" search={{ gateway: slug, kind }}>
            <span className={styles['big']}>{number(counts[count])}</span> <span>{text(title)}</span>
          </Link>
        ))}
      </div>
      {conditional > 0 && <p>{text(GATEWAY.conditional, { count: conditional })}</p>}
      {skipped > 0 && (
        <p>
          <Link to="/gateways/$ref" params={{ ref: slug }} search={{ tab: 'verifications' }}>
            {text(GATEWAY.skipped, { count: skipped })}
          </Link>
        </p>
      )}
      <Row>
        <ButtonLink to="/catalogue" search={{ gateway: slug }}>
          {text(GATEWAY.inCatalogue)}
        </ButtonLink>
      </Row>
    </>
  );
}
