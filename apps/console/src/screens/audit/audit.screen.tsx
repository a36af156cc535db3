import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue } from 'react';
import { auditPages } from '../../api/audit.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { AuditFilterBar } from './audit-filters.js';
import { AuditTable } from './audit-table.js';
import { EntryDialog } from './entry-dialog.js';
import { ExportButton } from './export-button.js';
import { AUDIT } from './texts.js';
import { VerificationCard } from './verification-card.js';

const route = getRouteApi('/audit');

/** The audit log: its filters and the entry that is open stand in the address. */
export function AuditScreen(): ReactNode {
  const { text } = useFormats();
  const mayAll = useMay('admin');
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { entry, ...filters } = useDeferredValue(search);
  const entries = useInfiniteQuery({ ...auditPages(filters), placeholderData: keepPreviousData });
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <Page
      title={text(AUDIT.title)}
      lead={text(mayAll ? AUDIT.lead : AUDIT.leadPart)}
      actions={mayAll && <ExportButton from={filters.from} to={filters.to} />}
    >
      <VerificationCard />
      <AuditFilterBar />
      <Shown query={entries}>
        {(rows) => (
          <>
            {rows.length === 0 ? (
              <NoEntries isFiltered={isFiltered} />
            ) : (
              <AuditTable
                rows={rows}
                hasMore={entries.hasNextPage}
                onMore={() => void entries.fetchNextPage({ cancelRefetch: false })}
              />
            )}
            {entry !== undefined && (
              <EntryDialog
                key={entry}
                seq={entry}
                entry={rows.find(({ seq }) => String(seq) === entry)}
                onClose={() => void navigate({ search: { ...search, entry: undefined }, replace: true })}
              />
            )}
          </>
        )}
      </Shown>
    </Page>
  );
}

function NoEntries({ isFiltered }: { isFiltered: boolean }): ReactNode {
  const { text } = useFormats();
  const navigate = route.useNavigate();
  if (!isFiltered) return <Empty title={text(AUDIT.emptyTitle)}>{text(AUDIT.empty)}</Empty>;
  const clear = <Button onClick={() => void navigate({ search: {} })}>{text(AUDIT.clear)}</Button>;
  return (
    <Empty title={text(AUDIT.noneTitle)} action={clear}>
      {text(AUDIT.none)}
    </Empty>
  );
}
