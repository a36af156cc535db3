import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AuditEntry } from '../../api/audit.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Facts, Row } from '../../ui/page.js';
import { Outcome, targetName } from './audit-table.js';
import styles from './audit.module.css';
import { EntryChanges } from './entry-changes.js';
import { operationText } from './operations.js';
import { ENTRY, KIND } from './texts.js';

interface EntryDialogProps {
  /** Its number, as it stands in the address. */
  seq: string;
  /** Undefined if it is not among the rows that were read. */
  entry: AuditEntry | undefined;
  onClose: () => void;
}

/** One entry: who did what to what, and what it was before and is since. */
export function EntryDialog({ seq, entry, onClose }: EntryDialogProps): ReactNode {
  const { text, time } = useFormats();
  if (!entry) {
    return (
      <Dialog title={text(ENTRY.notRead, { seq })} onClose={onClose}>
        <p>{text(ENTRY.notReadLead)}</p>
      </Dialog>
    );
  }
  const { actor, operation, requestId } = entry;
  const named = operationText(operation);
  const role = actor.role === undefined ? '' : `, ${actor.role}`;
  return (
    <Dialog title={text(ENTRY.title, { seq, operation: named ? text(named) : operation })} onClose={onClose}>
      <Facts
        facts={[
          [text(ENTRY.at), time(entry.at)],
          [text(ENTRY.actor), `${actor.name} (${text(KIND[actor.kind])}${role})`],
          [text(ENTRY.target), entry.target ? <TargetLink key="target" entry={entry} /> : text(ENTRY.none)],
          [text(ENTRY.operation), <code key="operation">{operation}</code>],
          [text(ENTRY.outcome), <Outcome key="outcome" entry={entry} />],
        ]}
      />
      <EntryChanges entry={entry} />
      <details>
        <summary>{text(ENTRY.seals)}</summary>
        <div className={styles['seals']}>
          <Facts
            facts={[
              [text(ENTRY.request), requestId === null ? undefined : <code key="request">{requestId}</code>],
              [text(ENTRY.hash), <code key="hash">{entry.hash}</code>],
              [text(ENTRY.previous), <code key="previous">{entry.previousHash}</code>],
            ]}
          />
        </div>
      </details>
      <Row>
        {entry.target && (
          <ButtonLink isSmall to="/audit" search={{ target: entry.target.id }}>
            {text(ENTRY.allAbout)}
          </ButtonLink>
        )}
        <ButtonLink isSmall to="/audit" search={{ actor: actor.id }}>
          {text(ENTRY.allBy, { name: actor.name })}
        </ButtonLink>
      </Row>
    </Dialog>
  );
}

/** What it was done to, as a link to where it is shown; it may be gone by now. */
function TargetLink({ entry }: { entry: AuditEntry }): ReactNode {
  const { text } = useFormats();
  const { target } = entry;
  if (!target) return null;
  const name = `${text(KIND[target.kind])} ${targetName(entry)}`;
  const ref = target.slug ?? target.id;
  switch (target.kind) {
    case 'gateway':
      return (
        <Link to="/gateways/$ref" params={{ ref }}>
          {name}
        </Link>
      );
    case 'server':
      return (
        <Link to="/servers/$ref" params={{ ref }}>
          {name}
        </Link>
      );
    case 'key':
      return (
        <Link to="/keys" search={{ key: target.id }}>
          {name}
        </Link>
      );
    case 'administrator':
      return (
        <Link to="/administrators" search={{ administrator: target.id }}>
          {name}
        </Link>
      );
    case 'verification':
      return target.slug === null ? (
        name
      ) : (
        <Link to="/gateways/$ref" params={{ ref }}>
          {name}
        </Link>
      );
  }
}
