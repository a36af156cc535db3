import { scaleLinear, scaleTime } from 'd3-scale';
import { stack } from 'd3-shape';

/** How one part of a bar looks: `plain`, or hatched and in the colour of something wrong. */
export type SeriesLook = 'plain' | 'wrong';

/** A part of every bar. */
export interface Series {
  name: string;
  look: SeriesLook;
}

/** What was counted in one step of time: one number for each series. */
export interface PlotPoint {
  at: string;
  counts: readonly number[];
}

/** A rectangle of one series at one point, in pixels. */
export interface Bar {
  key: string;
  look: SeriesLook;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where everything stands in a plot of a given size, in pixels. */
export interface PlotLayout {
  bars: Bar[];
  /** Lines across, with the count that each stands for. */
  counts: { count: number; y: number }[];
  times: { at: Date; x: number }[];
  /** The point whose step is at this place. */
  indexAt: (x: number) => number;
  stepWidth: number;
  left: number;
  right: number;
  bottom: number;
}

/** Room for the numbers of the axes. */
const MARGIN = { left: 44, right: 12, top: 10, bottom: 24 } as const;
/** Pixels that a time needs beside the next one. */
const TIME_WIDTH = 90;
const COUNT_LINES = 3;
/** So that one call among many thousands is seen. */
const MIN_HEIGHT = 2;

/** Lays a plot of stacked bars out. Without any call its axis goes to 1, so that the lines stand still. */
export function layOut(
  points: readonly PlotPoint[],
  series: readonly Series[],
  { width, height, stepSeconds }: { width: number; height: number; stepSeconds: number },
): PlotLayout {
  const [left, right, bottom] = [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right), height - MARGIN.bottom];
  const first = Date.parse(points[0]?.at ?? new Date(0).toISOString());
  const end = first + Math.max(1, points.length) * stepSeconds * 1000;
  const time = scaleTime([new Date(first), new Date(end)], [left, right]);
  const most = Math.max(1, ...points.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)));
  const count = scaleLinear([0, most], [bottom, MARGIN.top]).nice(COUNT_LINES);
  const stepWidth = (right - left) / Math.max(1, points.length);
  return {
    bars: barsOf(points, series, { left, stepWidth, y: (value) => count(value) }),
    counts: count
      .ticks(COUNT_LINES)
      .filter(Number.isInteger)
      .map((value) => ({ count: value, y: count(value) })),
    times: time.ticks(Math.max(2, Math.floor((right - left) / TIME_WIDTH))).map((at) => ({ at, x: time(at) })),
    indexAt: (x) => Math.min(points.length - 1, Math.max(0, Math.floor((x - left) / stepWidth))),
    ...{ stepWidth, left, right, bottom },
  };
}

function barsOf(
  points: readonly PlotPoint[],
  series: readonly Series[],
  { left, stepWidth, y }: { left: number; stepWidth: number; y: (value: number) => number },
): Bar[] {
  const layers = stack<PlotPoint, number>()
    .keys(series.map((_, index) => index))
    .value(({ counts }, index) => counts[index] ?? 0)(points);
  const gap = stepWidth > 5 ? 1 : 0;
  return layers.flatMap((layer) =>
    layer.flatMap(([from, to], index): Bar[] => {
      const look = series[layer.key]?.look;
      if (to <= from || look === undefined) return [];
      const height = Math.max(MIN_HEIGHT, y(from) - y(to));
      const place = { x: left + index * stepWidth + gap / 2, width: Math.max(1, stepWidth - gap) };
      return [{ key: `${layer.key} ${index}`, look, ...place, y: y(from) - height, height }];
    }),
  );
}
