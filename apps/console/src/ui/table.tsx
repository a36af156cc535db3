import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';
import { useFormats } from '../text/text.js';
import styles from './table.module.css';
import { UI } from './texts.js';

/** A column of a table. */
export interface Column<T> {
  name: string;
  title: string;
  /** Its share of the width, as in `grid-template-columns`: `2fr`, `8rem`. */
  width: string;
  isNumber?: boolean;
  cell: (row: T) => ReactNode;
}

interface TableProps<T> {
  /** What the table has, for screen readers. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** Height of a row in pixels, until it is measured. */
  rowHeight?: number;
  /** Whether there are rows that are not read yet. */
  hasMore?: boolean;
  /** Reads more rows; called when the end comes into sight. */
  onMore?: () => void;
}

/**
 * A table of any length: only rows in sight are in the document, and further pages are read when the end comes near. Its
 * roles are those of a table (ARIA 1.2) with the true number of rows. Names in rows are links, so a keyboard goes through them.
 */
export function Table<T>({
  label,
  columns,
  rows,
  keyOf,
  rowHeight = 48,
  hasMore = false,
  onMore,
}: TableProps<T>): ReactNode {
  const { text } = useFormats();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keyAt(rows, index, keyOf),
    overscan: 8,
  });
  const inSight = virtual.getVirtualItems();
  const last = inSight.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 20) onMore?.();
  }, [hasMore, last, rows.length, onMore]);
  const template = { gridTemplateColumns: columns.map(({ width }) => `minmax(0, ${width})`).join(' ') };
  return (
    <div>
      <div className={styles['frame']} ref={frame} role="region" aria-label={label} tabIndex={0}>
        <div className={styles['table']} role="table" aria-label={label} aria-rowcount={hasMore ? -1 : rows.length + 1}>
          <div role="rowgroup" className={styles['head']}>
            <div role="row" className={styles['row']} style={template} aria-rowindex={1}>
              {columns.map((column) => (
                <div key={column.name} role="columnheader" className={cellClass(column)}>
                  {column.title}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" className={styles['body']} style={{ height: virtual.getTotalSize() }}>
            {inSight.map(({ key, index, start }) => {
              const row = rows[index];
              if (row === undefined) return null;
              return (
                <div
                  key={key}
                  ref={virtual.measureElement}
                  data-index={index}
                  role="row"
                  aria-rowindex={index + 2}
                  className={styles['row']}
                  style={{ ...template, transform: `translateY(${start}px)` }}
                >
                  {columns.map((column) => (
                    <div key={column.name} role="cell" className={cellClass(column)}>
                      {column.cell(row)}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <p className={styles['foot']} aria-live="polite">
        {text(hasMore ? UI.rowsSoFar : UI.rows, { count: rows.length })}
      </p>
    </div>
  );
}

function keyAt<T>(rows: readonly T[], index: number, keyOf: (row: T) => string): string | number {
  const row = rows[index];
  return row === undefined ? index : keyOf(row);
}

function cellClass<T>({ isNumber }: Column<T>): string {
  return `${styles['cell'] ?? ''} ${isNumber ? (styles['number'] ?? '') : ''}`;
}
