import type { ReactNode } from 'react';
import type { AuditEntry } from '../../api/audit.js';
import { type Message } from '../../text/text.js';
import { useFormats } from '../../text/text.js';
import { Notice } from '../../ui/notice.js';
import styles from './audit.module.css';
import { entryFields, type EntryField } from './entry-fields.js';
import { ENTRY } from './texts.js';

/** What an entry's target was before and is since, side by side; of what is new or removed there is one side. */
export function EntryChanges({ entry }: { entry: AuditEntry }): ReactNode {
  const { text } = useFormats();
  const { before, after, outcome } = entry;
  const { changed, same } = entryFields(entry);
  if (outcome === 'role_required') return <Notice tone="warn">{text(ENTRY.refusedRole)}</Notice>;
  if (before === null && after === null) return null;
  if (before === null || after === null) {
    const side = before === null ? 'after' : 'before';
    return (
      <>
        {outcome === 'refused' && <Notice tone="warn">{text(ENTRY.refused)}</Notice>}
        <p>{text(leadOf(entry))}</p>
        <Fields fields={changed} sides={[side]} />
      </>
    );
  }
  return (
    <>
      <p>{text(ENTRY.changedFields, { count: changed.length })}</p>
      {changed.length > 0 && <Fields fields={changed} sides={['before', 'after']} />}
      {same.length > 0 && (
        <details>
          <summary>{text(ENTRY.sameFields, { count: same.length })}</summary>
          <Fields fields={same} sides={['after']} />
        </details>
      )}
    </>
  );
}

function leadOf({ before, outcome }: AuditEntry): Message {
  if (outcome === 'refused') return ENTRY.found;
  return before === null ? ENTRY.made : ENTRY.removed;
}

interface FieldsProps {
  fields: readonly EntryField[];
  sides: readonly ('before' | 'after')[];
}

/** The roles are written down, as the narrow layout takes those of the elements away. */
function Fields({ fields, sides }: FieldsProps): ReactNode {
  const { text } = useFormats();
  return (
    <table role="table" className={styles['fields']} aria-label={text(ENTRY.fields)}>
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">
            {text(ENTRY.field)}
          </th>
          {sides.map((side) => (
            <th key={side} role="columnheader" scope="col">
              {text(ENTRY[side])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {fields.map((field) => (
          <tr key={field.name} role="row">
            <th role="rowheader" scope="row">
              <code>{field.name}</code>
            </th>
            {sides.map((side) => (
              <td key={side} role="cell" className={sides.length > 1 ? styles[side] : undefined}>
                {sides.length > 1 && (
                  <span className={styles['sideName']} aria-hidden="true">
                    {text(ENTRY[side])}
                  </span>
                )}
                {field[side] ?? <em>{text(ENTRY.absent)}</em>}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
