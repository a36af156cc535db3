import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { type Activity, activity, type ActivityFilters } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Card, Grid, Page } from '../../ui/page.js';
import { LazyPlot } from '../../ui/plot/lazy-plot.js';
import { Empty, Shown } from '../../ui/states.js';
import { LimitedCard, MethodsCard, SlugsCard, StreamsCard } from './count-cards.js';
import { Filters } from './filters.js';
import { LastCalls } from './last-calls.js';
import { OutcomesCard } from './outcomes-card.js';
import { ACTIVITY } from './texts.js';

const route = getRouteApi('/activity');
const PLOT_HEIGHT = 220;

/** How calls ended lately: plots, counts and rows, kept up to date. Filters stand in the address. */
export function ActivityScreen(): ReactNode {
  const { text } = useFormats();
  const search = useDeferredValue(route.useSearch());
  const { server, gateway } = search;
  const filters: ActivityFilters = {
    window: search.window === 'day' ? 'day' : 'hour',
    ...(server !== undefined && { server }),
    ...(gateway !== undefined && { gateway }),
  };
  const counts = useQuery(activity(filters));
  return (
    <Page title={text(ACTIVITY.title)} lead={text(ACTIVITY.lead)}>
      <Filters known={counts.data} />
      <Shown query={counts}>{(found) => <Counts found={found} window={filters.window ?? 'hour'} />}</Shown>
      <LastCalls search={search} />
    </Page>
  );
}

function Counts({ found, window }: { found: Activity; window: 'hour' | 'day' }): ReactNode {
  const { text } = useFormats();
  const calls = found.points.reduce((sum, point) => sum + point.calls, 0);
  const errors = found.points.reduce((sum, point) => sum + point.errors, 0);
  const said = { calls: text(ACTIVITY.calls, { count: calls }), errors: text(ACTIVITY.errors, { count: errors }) };
  return (
    <>
      <Card title={text(ACTIVITY.plot)}>
        {calls === 0 ? <NoCalls /> : <p>{text(ACTIVITY.summary, { ...said, window })}</p>}
        {calls > 0 && (
          <LazyPlot
            label={text(ACTIVITY.plot)}
            stepSeconds={found.stepSeconds}
            height={PLOT_HEIGHT}
            points={found.points.map((point) => ({ at: point.at, counts: [point.calls - point.errors, point.errors] }))}
            series={[
              { name: text(ACTIVITY.well), look: 'plain' },
              { name: text(ACTIVITY.failed), look: 'wrong' },
            ]}
          />
        )}
      </Card>
      <Grid>
        {calls > 0 && <OutcomesCard outcomes={found.outcomes} />}
        {calls > 0 && <SlugsCard title={text(ACTIVITY.servers)} by="server" rows={found.servers} />}
        {calls > 0 && <SlugsCard title={text(ACTIVITY.gateways)} by="gateway" rows={found.gateways} />}
        {calls > 0 && <MethodsCard rows={found.methods} />}
        <LimitedCard rows={found.limited} />
        <StreamsCard rows={found.streams} />
      </Grid>
    </>
  );
}

function NoCalls(): ReactNode {
  const { text } = useFormats();
  const { server, gateway } = route.useSearch();
  const navigate = route.useNavigate();
  if (server !== undefined || gateway !== undefined) {
    const clear = <Button onClick={() => void navigate({ search: {} })}>{text(ACTIVITY.clear)}</Button>;
    return (
      <Empty title={text(ACTIVITY.noMatchTitle)} action={clear}>
        {text(ACTIVITY.noMatch)}
      </Empty>
    );
  }
  return (
    <Empty title={text(ACTIVITY.noCallsTitle)} action={<ButtonLink to="/connect">{text(ACTIVITY.connect)}</ButtonLink>}>
      {text(ACTIVITY.noCalls)}
    </Empty>
  );
}
