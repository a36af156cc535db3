import type { ReactNode } from 'react';
import type { Verification } from '../../api/verifications.js';
import { useFormats } from '../../text/text.js';
import { Dialog } from '../../ui/dialog.js';
import { Table } from '../../ui/table.js';
import { HISTORY } from './texts.js';

/** Items that a verification left out, and why. Of an item that breaks a rule, its place is all that is told. */
export function SkippedDialog({
  verification: { attempt, skipped = [] },
  onClose,
}: {
  verification: Verification;
  onClose: () => void;
}): ReactNode {
  const { text, number } = useFormats();
  const title = text(HISTORY.skippedTitle, { attempt });
  return (
    <Dialog title={title} onClose={onClose}>
      <Table
        label={title}
        rows={skipped}
        keyOf={({ kind, index, era = '' }) => `${kind} ${era} ${index}`}
        columns={[
          { name: 'kind', title: text(HISTORY.kind), width: '1fr', cell: ({ kind }) => kind },
          { name: 'position', title: text(HISTORY.position), width: '1fr', cell: ({ index }) => number(index + 1) },
          { name: 'reason', title: text(HISTORY.reason), width: '2fr', cell: ({ reason }) => text(HISTORY[reason]) },
        ]}
      />
    </Dialog>
  );
}
