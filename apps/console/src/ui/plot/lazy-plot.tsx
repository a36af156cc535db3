import { lazy, type ReactNode, Suspense } from 'react';
import type { PlotProps } from './plot.js';
import styles from './plot.module.css';

const Loaded = lazy(() => import('./plot.js').then(({ Plot }) => ({ default: Plot })));

/** A plot whose program is read when one is shown. Its place is kept free until then, so that nothing jumps. */
export function LazyPlot(props: PlotProps): ReactNode {
  return (
    <Suspense fallback={<div className={styles['place']} style={{ minHeight: props.height }} />}>
      <Loaded {...props} />
    </Suspense>
  );
}
