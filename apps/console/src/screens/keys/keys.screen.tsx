import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { type KeyFilters, keyPages } from '../../api/keys.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { IssueDialog } from './issue-dialog.js';
import { KeyDialog } from './key-dialog.js';
import { DAYS, ENDING, KeyFilterBar, STATES } from './key-filters.js';
import { KeysTable } from './keys-table.js';
import { KEYS } from './texts.js';

const route = getRouteApi('/keys');

/** The keys of callers, with filters that stand in the address, as does the key that is open. */
export function KeysScreen(): ReactNode {
  const { text } = useFormats();
  const mayIssue = useMay('editor');
  const navigate = route.useNavigate();
  const search = route.useSearch();
  const { key, ...filters } = useDeferredValue(search);
  const [isIssuing, setIssuing] = useState(false);
  const keys = useInfiniteQuery(keyPages(useKeyFilters(filters)));
  const isFiltered = Object.keys(filters).length > 0;
  const issue = (
    <Button look="primary" onClick={() => setIssuing(true)}>
      {text(KEYS.issue)}
    </Button>
  );
  return (
    <Page title={text(KEYS.title)} lead={text(KEYS.lead)} actions={mayIssue && issue}>
      <KeyFilterBar />
      <Shown query={keys}>
        {(rows) =>
          rows.length === 0 ? (
            <NoKeys isFiltered={isFiltered} issue={mayIssue && issue} />
          ) : (
            <KeysTable
              rows={rows}
              hasMore={keys.hasNextPage}
              onMore={() => void keys.fetchNextPage({ cancelRefetch: false })}
            />
          )
        }
      </Shown>
      {isIssuing && <IssueDialog server={search.server} onClose={() => setIssuing(false)} />}
      {key !== undefined && (
        <KeyDialog key={key} id={key} onClose={() => void navigate({ search: { ...search, key: undefined } })} />
      )}
    </Page>
  );
}

/** The filters as the registry takes them. `ending` counts from when the screen was opened, so that what is read stays the same. */
function useKeyFilters({ state, role, server, ending }: Partial<Record<string, string>>): KeyFilters {
  const [openedMs] = useState(Date.now);
  const within = ENDING.find((each) => each === ending);
  return {
    state: STATES.find((each) => each === state),
    ...(role !== undefined && { role }),
    ...(server !== undefined && { server }),
    ...(within && { endsBefore: new Date(openedMs + DAYS[within] * 86_400_000).toISOString() }),
  };
}

function NoKeys({ isFiltered, issue }: { isFiltered: boolean; issue: ReactNode }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  if (!isFiltered) {
    return (
      <Empty title={text(KEYS.emptyTitle)} action={issue}>
        {text(KEYS.empty)}
      </Empty>
    );
  }
  const clear = <Button onClick={() => void navigate({ search: {} })}>{text(KEYS.clear)}</Button>;
  return (
    <Empty title={text(KEYS.noneTitle)} action={clear}>
      {text(KEYS.none)}
    </Empty>
  );
}
