import { texts } from '../../text/text.js';

/** Texts of plots. */
export const PLOT = texts('plot', {
  asTable: 'As a table',
  asPlot: 'As a plot',
  from: 'From',
  point: '{time}: {counts}',
  count: '{count, number} {name}',
  hint: 'Arrow keys go from bar to bar',
});
