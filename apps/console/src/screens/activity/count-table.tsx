import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import styles from './activity.module.css';
import { ACTIVITY } from './texts.js';

interface CountRow {
  key: string;
  name: ReactNode;
  calls: number;
  errors: number;
  meanMs: number;
}

/** The rows with the most calls; filters find the others. */
const SHOWN = 10;

/** Calls, errors and mean time by name. */
export function CountTable({ label, name, rows }: { label: string; name: string; rows: CountRow[] }): ReactNode {
  const { text, number } = useFormats();
  if (rows.length === 0) return <p className={styles['soft']}>{text(ACTIVITY.none)}</p>;
  return (
    <table className={styles['table']} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{name}</th>
          <th scope="col" className={styles['number']}>
            {text(ACTIVITY.count)}
          </th>
          <th scope="col" className={styles['number']}>
            {text(ACTIVITY.errorCount)}
          </th>
          <th scope="col" className={styles['number']}>
            {text(ACTIVITY.mean)}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, SHOWN).map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.name}</th>
            <td className={styles['number']}>{number(row.calls)}</td>
            <td className={`${styles['number'] ?? ''} ${row.errors > 0 ? (styles['wrong'] ?? '') : ''}`}>
              {number(row.errors)}
            </td>
            <td className={styles['number']}>{text(ACTIVITY.ms, { ms: row.meanMs })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
