import { type ReactNode, useEffect, useRef } from 'react';
import styles from './page.module.css';

interface PageProps {
  title: string;
  /** One sentence: what this screen is for. */
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its title is the document's title, and gets the focus when one goes to the screen. */
export function Page({ title, lead, actions, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Lethe`;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A part of a screen with a heading. */
export function Card({
  title,
  actions,
  children,
}: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <section className={styles['card']}>
      {title !== undefined && (
        <div className={styles['cardHead']}>
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

/** Cards beside each other where there is room. */
export function Grid({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['grid']}>{children}</div>;
}

/** Small things in a row that wraps. */
export function Row({ children }: { children: ReactNode }): ReactNode {
  return <div className={styles['row']}>{children}</div>;
}

/** Names and values. An undefined value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className={styles['facts']}>
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name} className={styles['fact']}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
