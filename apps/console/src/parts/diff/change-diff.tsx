import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import type { Change } from '../../api/reviews.js';
import { type Message, useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { Grid } from '../../ui/page.js';
import { ShownText } from '../shown-text.js';
import styles from './change-diff.module.css';
import { DIFF } from './diff-texts.js';
import { type FieldChange, fieldChanges } from './field-changes.js';
import { type Piece, wordChanges } from './word-changes.js';

/** The registry names so many differences of an item at most. */
const MOST_NAMED = 100;
const NAMES: ReadonlyMap<string, Message> = new Map(Object.entries(DIFF));

/** What differs in one item, field by field: both texts side by side, changed words marked, hidden characters written out. */
export function ChangeDiff({ change }: { change: Change }): ReactNode {
  const { text } = useFormats();
  const fields = fieldChanges(change);
  if (fields.length === 0) return <p className={styles['absent']}>{text(DIFF.unstored)}</p>;
  return (
    <div className={styles['fields']}>
      {change.changes.length >= MOST_NAMED && <p>{text(DIFF.first, { count: MOST_NAMED })}</p>}
      {fields.map((field) => (
        <section key={field.pointer} className={styles['field']}>
          <FieldPath field={field} />
          <Sides field={field} change={change.change} />
        </section>
      ))}
      <Whole change={change} />
    </div>
  );
}

function FieldPath({ field: { path, isInBothEras } }: { field: FieldChange }): ReactNode {
  const { text } = useFormats();
  return (
    <h3 className={styles['path']}>
      {path.map((name, index) => {
        // Only beginnings are words of MCP: further in, a name is the upstream's own.
        const known = index < 2 ? NAMES.get(name) : undefined;
        return (
          <span key={path.slice(0, index + 1).join('/')}>{known ? text(known) : <ShownText content={name} />}</span>
        );
      })}
      {isInBothEras && <em className={styles['note']}>{text(DIFF.bothEras)}</em>}
    </h3>
  );
}

function Sides({ field: { before, after }, change }: { field: FieldChange; change: Change['change'] }): ReactNode {
  const { text } = useFormats();
  const isText = typeof (after ?? before) === 'string';
  const { before: left, after: right } = wordChanges(printed(before), printed(after));
  const sides = [
    { name: 'before', label: DIFF.before, value: before, pieces: left },
    { name: 'after', label: DIFF.after, value: after, pieces: right },
  ] as const;
  const isWhole = before === undefined || after === undefined;
  return (
    <div className={styles['sides']}>
      {sides
        .filter(({ name }) => !(change === 'added' && name === 'before') && !(change === 'removed' && name === 'after'))
        .map(({ name, label, value, pieces }) => (
          <div key={name} className={`${styles['side'] ?? ''} ${styles[name] ?? ''}`}>
            <div className={styles['label']}>{text(label)}</div>
            {value === undefined ? (
              <div className={styles['absent']}>{text(name === 'before' ? DIFF.absent : DIFF.gone)}</div>
            ) : (
              <Value pieces={pieces} isText={isText} marks={isWhole ? undefined : name} />
            )}
          </div>
        ))}
    </div>
  );
}

interface ValueProps {
  pieces: readonly Piece[];
  isText: boolean;
  /** Undefined: nothing is marked, as all of it is new or gone. */
  marks: 'before' | 'after' | undefined;
}

function Value({ pieces, isText, marks }: ValueProps): ReactNode {
  const Mark = marks === 'before' ? 'del' : 'ins';
  return (
    <div className={`${styles['value'] ?? ''} ${isText ? '' : (styles['json'] ?? '')}`} dir="auto">
      {pieces.map(({ text, isChanged }, index) =>
        isChanged && marks !== undefined ? (
          <Mark key={index}>
            <ShownText content={text} />
          </Mark>
        ) : (
          <ShownText key={index} content={text} />
        ),
      )}
    </div>
  );
}

function Whole({ change: { before, after } }: { change: Change }): ReactNode {
  const { text } = useFormats();
  return (
    <details className={styles['whole']}>
      <summary>{text(DIFF.whole)}</summary>
      <Grid>
        {before && <Code label={text(DIFF.wholeBefore)} content={printed(before)} />}
        {after && <Code label={text(DIFF.wholeAfter)} content={printed(after)} />}
      </Grid>
    </details>
  );
}

/** A text as it is, another value as JSON of several lines; hidden characters are written out before texts are compared. */
function printed(value: unknown): string {
  if (value === undefined) return '';
  return showHidden(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
}
