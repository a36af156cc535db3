import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import styles from './plot.module.css';
import type { PlotPoint, Series } from './steps.js';
import { PLOT } from './texts.js';

interface PlotTableProps {
  label: string;
  points: readonly PlotPoint[];
  series: readonly Series[];
  height: number;
}

/** The numbers of a plot, the newest first. */
export function PlotTable({ label, points, series, height }: PlotTableProps): ReactNode {
  const { text, number, time } = useFormats();
  return (
    <div className={styles['scroll']} style={{ maxHeight: height * 1.6 }} role="region" aria-label={label} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{text(PLOT.from)}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className={styles['number']}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ at, counts }) => (
            <tr key={at}>
              <th scope="row">
                <time dateTime={at}>{time(at)}</time>
              </th>
              {series.map(({ name }, index) => (
                <td key={name} className={styles['number']}>
                  {number(counts[index] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
