import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Change } from '../../api/reviews.js';
import { serversWithGateway } from '../../api/servers-with-gateway.js';
import { useFormats } from '../../text/text.js';
import { Row } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import styles from './review.module.css';
import { REVIEW } from './texts.js';

interface AffectedServersProps {
  change: Change;
  /** Slug. */
  gateway: string;
}

/** Which virtual servers a change concerns, and under which name they serve it. */
export function AffectedServers({ change, gateway }: AffectedServersProps): ReactNode {
  const { text } = useFormats();
  const servers = useQuery(serversWithGateway(gateway));
  return (
    <section>
      <h3>{text(REVIEW.serversTitle)}</h3>
      <Shown query={servers}>{(found) => <Affected change={change} gateway={gateway} servers={found} />}</Shown>
    </section>
  );
}

type Servers = Awaited<ReturnType<NonNullable<ReturnType<typeof serversWithGateway>['queryFn']>>>;

function Affected({ change, gateway, servers }: AffectedServersProps & { servers: Servers }): ReactNode {
  const { text } = useFormats();
  const serving = servers.flatMap(({ slug, name, exposed }) =>
    exposed
      .filter((each) => each.gateway === gateway && each.kind === change.kind && each.own === change.name)
      .map((each) => ({ slug, name, exposed: each.exposed })),
  );
  if (serving.length > 0) {
    const said = change.change === 'removed' ? REVIEW.serversRemoved : REVIEW.serversChanged;
    return (
      <ul className={styles['servers']}>
        {serving.map(({ slug, name, exposed }) => (
          <li key={`${slug} ${exposed}`}>
            <Link to="/servers/$ref" params={{ ref: slug }}>
              {text(said, { server: name, exposed })}
            </Link>
          </li>
        ))}
      </ul>
    );
  }
  const concerned = change.kind === 'server' ? servers : servers.filter(({ include }) => include.length > 0);
  if (change.kind === 'server' || change.change === 'added') return <Concerned change={change} servers={concerned} />;
  return <p className={styles['soft']}>{text(REVIEW.serversNone)}</p>;
}

function Concerned({ change, servers }: { change: Change; servers: Servers }): ReactNode {
  const { text } = useFormats();
  if (servers.length === 0) {
    const none = change.kind === 'server' ? REVIEW.serversNone : REVIEW.serversAddedNone;
    return <p className={styles['soft']}>{text(none)}</p>;
  }
  return (
    <div className={styles['servers']}>
      <p>{text(change.kind === 'server' ? REVIEW.serversAll : REVIEW.serversAdded, { count: servers.length })}</p>
      <Row>
        {servers.map(({ slug, name }) => (
          <Link key={slug} to="/servers/$ref" params={{ ref: slug }}>
            {name}
          </Link>
        ))}
      </Row>
    </div>
  );
}
