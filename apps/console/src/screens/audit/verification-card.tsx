import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { auditVerification, type AuditVerification } from '../../api/audit.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Moment } from '../../ui/moment.js';
import { Notice } from '../../ui/notice.js';
import { Failed } from '../../ui/states.js';
import styles from './audit.module.css';
import { AUDIT } from './texts.js';

/** Whether the log is what was written, in plain words. */
export function VerificationCard(): ReactNode {
  const { text } = useFormats();
  const { data, error, refetch, isFetching, dataUpdatedAt } = useQuery(auditVerification());
  const check = (): void => void refetch();
  if (error && !isFetching) return <Failed error={error} title={text(AUDIT.verification)} onAgain={check} />;
  if (data === undefined) return <Notice title={text(AUDIT.verification)}>{text(AUDIT.checking)}</Notice>;
  const again = (
    <Button isSmall isBusy={isFetching} onClick={check}>
      {text(AUDIT.again)}
    </Button>
  );
  const when = (
    <p className={styles['soft']}>
      {isFetching ? text(AUDIT.checking) : `${text(AUDIT.checked)} `}
      {!isFetching && <Moment at={new Date(dataUpdatedAt).toISOString()} />}
    </p>
  );
  if (data.firstBroken !== null) {
    return (
      <Notice tone="bad" title={text(AUDIT.broken, { seq: data.firstBroken })} actions={again}>
        <Broken found={data} />
        {when}
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={text(AUDIT.intact, { count: data.entries })} actions={again}>
      {data.knownUntil !== null && <p>{text(AUDIT.knownUntil, { seq: data.knownUntil })}</p>}
      {when}
    </Notice>
  );
}

function Broken({ found: { why, entries } }: { found: AuditVerification }): ReactNode {
  const { text } = useFormats();
  return (
    <>
      {why !== null && <p>{text(AUDIT[why])}</p>}
      <p>{`${text(AUDIT.before, { count: entries })} ${text(AUDIT.brokenNext)}`}</p>
    </>
  );
}
