import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { activity } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { Card } from '../../ui/page.js';
import { LazyPlot } from '../../ui/plot/lazy-plot.js';
import { Shown } from '../../ui/states.js';
import styles from './home.module.css';
import { HOME } from './texts.js';

const HEIGHT = 150;

/** Calls and errors of a window as a plot. */
export function CallsCard({ window }: { window: 'hour' | 'day' }): ReactNode {
  const { text } = useFormats();
  const counts = useQuery(activity({ window }));
  const title = text(window === 'hour' ? HOME.lastHour : HOME.lastDay);
  const more = (
    <Link to="/activity" search={{ window }}>
      {text(HOME.more)}
      <span className="visually-hidden">: {title}</span>
    </Link>
  );
  return (
    <Card title={title} actions={more}>
      <Shown query={counts}>
        {({ points, stepSeconds }) => {
          const calls = points.reduce((sum, point) => sum + point.calls, 0);
          const errors = points.reduce((sum, point) => sum + point.errors, 0);
          if (calls === 0) return <p className={styles['soft']}>{text(HOME.noCalls)}</p>;
          return (
            <>
              <p>{text(HOME.calls, { calls, errors })}</p>
              <LazyPlot
                label={title}
                height={HEIGHT}
                stepSeconds={stepSeconds}
                points={points.map((point) => ({ at: point.at, counts: [point.calls - point.errors, point.errors] }))}
                series={[
                  { name: text(HOME.well), look: 'plain' },
                  { name: text(HOME.failed), look: 'wrong' },
                ]}
              />
            </>
          );
        }}
      </Shown>
    </Card>
  );
}
