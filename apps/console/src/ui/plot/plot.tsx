import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../button.js';
import { PlotTable } from './plot-table.js';
import styles from './plot.module.css';
import { layOut, type PlotLayout, type PlotPoint, type Series } from './steps.js';
import { PLOT } from './texts.js';
import { useWidth } from './use-width.js';

/** What a plot shows. */
export interface PlotProps {
  /** What it is about, for screen readers. */
  label: string;
  points: readonly PlotPoint[];
  stepSeconds: number;
  series: readonly Series[];
  height: number;
}

/**
 * Counts over time as stacked bars. The same numbers are there as a table, and bar by bar with the arrow keys: for a keyboard and a
 * screen reader it is a slider over its points (ARIA 1.2). What is wrong is hatched, so that it differs by more than its colour.
 */
export function Plot({ label, points, stepSeconds, series, height }: PlotProps): ReactNode {
  const { text } = useFormats();
  const [isTable, setTable] = useState(false);
  return (
    <figure className={styles['plot']} aria-label={label}>
      {isTable ? (
        <PlotTable label={label} points={points} series={series} height={height} />
      ) : (
        <Bars label={label} points={points} stepSeconds={stepSeconds} series={series} height={height} />
      )}
      <figcaption className={styles['caption']}>
        {series.map(({ name, look }) => (
          <span key={name} className={styles['legend']}>
            <span className={`${styles['mark'] ?? ''} ${styles[look] ?? ''}`} aria-hidden />
            {name}
          </span>
        ))}
        <Button isSmall look="quiet" onClick={() => setTable(!isTable)}>
          {text(isTable ? PLOT.asPlot : PLOT.asTable)}
        </Button>
      </figcaption>
    </figure>
  );
}

function Bars({ label, points, stepSeconds, series, height }: PlotProps): ReactNode {
  const { text, number, clock } = useFormats();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [chosen, setChosen] = useState<number>();
  const layout = layOut(points, series, { width, height, stepSeconds });
  const last = points.length - 1;
  const index = Math.min(chosen ?? last, last);
  const point = points[index];
  const counts = series.map(({ name }, at) => text(PLOT.count, { count: point?.counts[at] ?? 0, name })).join(', ');
  const said = point ? text(PLOT.point, { time: clock(point.at), counts }) : '';
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.min(last, Math.max(0, next)));
  };
  return (
    <div
      ref={frame}
      className={styles['frame']}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-description={text(PLOT.hint)}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, index)}
      aria-valuetext={said}
      onKeyDown={onKeyDown}
      onBlur={() => setChosen(undefined)}
      onPointerMove={(event) => {
        setChosen(layout.indexAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
      }}
      onPointerLeave={() => setChosen(undefined)}
    >
      <p className={styles['said']} aria-hidden>
        {chosen === undefined ? '' : said}
      </p>
      <svg width={width} height={height} className={styles['drawing']} aria-hidden focusable={false}>
        <Axes layout={layout} number={number} clock={clock} />
        <Drawn layout={layout} chosen={chosen} />
      </svg>
    </div>
  );
}

function Axes({
  layout,
  number,
  clock,
}: {
  layout: PlotLayout;
  number: (value: number) => string;
  clock: (iso: string) => string;
}): ReactNode {
  const { left, right, bottom, counts, times } = layout;
  return (
    <>
      {counts.map(({ count, y }) => (
        <g key={count}>
          <line x1={left} x2={right} y1={y} y2={y} className={styles['line']} />
          <text x={left - 6} y={y + 4} textAnchor="end" className={styles['tick']}>
            {number(count)}
          </text>
        </g>
      ))}
      {times
        .filter(({ x }) => x > left + 14 && x < right - 14)
        .map(({ at, x }) => (
          <text key={at.getTime()} x={x} y={bottom + 17} textAnchor="middle" className={styles['tick']}>
            {clock(at.toISOString())}
          </text>
        ))}
    </>
  );
}

function Drawn({ layout, chosen }: { layout: PlotLayout; chosen: number | undefined }): ReactNode {
  const hatch = useId();
  const { bars, left, bottom, stepWidth } = layout;
  return (
    <>
      <defs>
        <pattern id={hatch} width={5} height={5} patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width={5} height={5} className={styles['hatchGround']} />
          <line x1={0} x2={0} y1={0} y2={5} className={styles['hatchLine']} />
        </pattern>
      </defs>
      {chosen !== undefined && (
        <rect x={left + chosen * stepWidth} y={0} width={stepWidth} height={bottom} className={styles['chosen']} />
      )}
      {bars.map(({ key, look, ...place }) => (
        <rect
          key={key}
          {...place}
          className={styles[look]}
          {...(look === 'wrong' && { fill: `url(#${hatch})`, stroke: 'var(--bad)' })}
        />
      ))}
    </>
  );
}
