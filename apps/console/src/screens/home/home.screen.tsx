import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type Overview, overview } from '../../api/activity.js';
import { useFormats } from '../../text/text.js';
import { Grid, Page } from '../../ui/page.js';
import { Shown } from '../../ui/states.js';
import { CallsCard } from './calls-card.js';
import { Checklist } from './checklist.js';
import { EndingKept, EndingKeys } from './ending-cards.js';
import { GatewaysCard, PartsCard, ReviewCard } from './state-cards.js';
import { stepsOf } from './steps.js';
import { HOME } from './texts.js';

/** What to do first, until there was a call; and then what there is and what needs somebody. */
export function HomeScreen(): ReactNode {
  const { text } = useFormats();
  const found = useQuery(overview());
  return (
    <Page title={text(HOME.title)} lead={text(HOME.lead)}>
      <Shown query={found}>{(seen) => <State found={seen} />}</Shown>
    </Page>
  );
}

function State({ found }: { found: Overview }): ReactNode {
  const steps = stepsOf(found);
  const isEmpty = found.gateways.total === 0;
  return (
    <>
      {steps.some(({ isDone }) => !isDone) && <Checklist steps={steps} />}
      {!isEmpty && (
        <Grid>
          <CallsCard window="hour" />
          <CallsCard window="day" />
        </Grid>
      )}
      <Grid>
        {!isEmpty && <GatewaysCard found={found} />}
        {!isEmpty && <ReviewCard found={found} />}
        <PartsCard />
        {found.keys.endingCount > 0 && <EndingKeys keys={found.keys} />}
        {found.kept.endingCount > 0 && <EndingKept kept={found.kept} />}
      </Grid>
    </>
  );
}
