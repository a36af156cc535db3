import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { Gateway } from '../../api/gateways.js';
import { gatewayVerifications, type Verification } from '../../api/verifications.js';
import { ReceiptDialog } from '../../parts/receipt/receipt-dialog.js';
import { RECEIPT } from '../../parts/receipt/receipt-texts.js';
import { outcomeText } from '../../parts/verification-outcome.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Row } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { type Column, Table } from '../../ui/table.js';
import styles from './gateway.module.css';
import { SkippedDialog } from './skipped-dialog.js';
import { HISTORY } from './texts.js';
import { VerificationBadge } from './verification-badge.js';

interface Opened {
  verification: Verification;
  what: 'receipt' | 'skipped';
}

/** All verifications of a gateway: what became of each, what it changed, and its receipt. */
export function VerificationsTab({ gateway: { slug } }: { gateway: Gateway }): ReactNode {
  const { text } = useFormats();
  const verifications = useInfiniteQuery(gatewayVerifications(slug));
  const [opened, setOpened] = useState<Opened>();
  const close = (): void => setOpened(undefined);
  const columns: Column<Verification>[] = [
    {
      name: 'outcome',
      title: text(HISTORY.outcome),
      width: '3fr',
      cell: (verification) => <Outcome verification={verification} />,
    },
    {
      name: 'more',
      title: text(HISTORY.more),
      width: '2fr',
      cell: (verification) => <More slug={slug} verification={verification} onOpen={setOpened} />,
    },
  ];
  return (
    <>
      <Shown query={verifications}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={text(HISTORY.emptyTitle)}>{text(HISTORY.empty)}</Empty>
          ) : (
            <Table
              label={text(HISTORY.list)}
              columns={columns}
              rows={rows}
              keyOf={({ id }) => id}
              rowHeight={80}
              hasMore={verifications.hasNextPage}
              onMore={() => void verifications.fetchNextPage({ cancelRefetch: false })}
            />
          )
        }
      </Shown>
      {opened?.what === 'receipt' && opened.verification.receipt !== undefined && (
        <ReceiptDialog verification={opened.verification} receipt={opened.verification.receipt} onClose={close} />
      )}
      {opened?.what === 'skipped' && <SkippedDialog verification={opened.verification} onClose={close} />}
    </>
  );
}

function Outcome({ verification }: { verification: Verification }): ReactNode {
  const { text } = useFormats();
  const { attempt, state, startedAt, finishedAt, deadline, httpStatus } = verification;
  return (
    <div className={styles['outcome']}>
      <Row>
        <span>#{attempt}</span>
        <VerificationBadge state={state} />
        <span className={styles['soft']}>
          <Moment at={finishedAt ?? startedAt ?? deadline} />
        </span>
      </Row>
      {state !== 'verified' && (
        <span>
          {text(outcomeText(verification))}
          {httpStatus !== undefined && ` ${text(HISTORY.status, { status: String(httpStatus) })}`}
        </span>
      )}
    </div>
  );
}

interface MoreProps {
  slug: string;
  verification: Verification;
  onOpen: (opened: Opened) => void;
}

function More({ slug, verification, onOpen }: MoreProps): ReactNode {
  const { text } = useFormats();
  const { id, attempt, receipt, skipped = [] } = verification;
  return (
    <Row>
      <Changes slug={slug} verification={verification} />
      {skipped.length > 0 && (
        <Button isSmall onClick={() => onOpen({ verification, what: 'skipped' })}>
          {text(HISTORY.skipped, { count: skipped.length })}
        </Button>
      )}
      {receipt !== undefined && (
        <Button
          key={id}
          isSmall
          aria-label={text(RECEIPT.title, { attempt })}
          onClick={() => onOpen({ verification, what: 'receipt' })}
        >
          {text(RECEIPT.open)}
        </Button>
      )}
    </Row>
  );
}

function Changes({ slug, verification: { id, diff } }: { slug: string; verification: Verification }): ReactNode {
  const { text } = useFormats();
  if (diff === undefined) return null;
  const counts = { added: diff.added.length, changed: diff.changed.length, removed: diff.removed.length };
  if (counts.added + counts.changed + counts.removed === 0)
    return <span className={styles['soft']}>{text(HISTORY.noChanges)}</span>;
  return (
    <Link
      to="/gateways/$ref/review/$vid"
      params={{ ref: slug, vid: id }}
      aria-label={text(HISTORY.countsLong, counts)}
      title={text(HISTORY.countsLong, counts)}
    >
      {text(HISTORY.counts, counts)}
    </Link>
  );
}
