/** How far back activity is shown. */
export const WINDOWS = ['hour', 'day'] as const;
/** One of `WINDOWS`. */
export type ActivityWindow = (typeof WINDOWS)[number];

/** What the points of a window count, and how many there are. Counts are kept a little longer than they are shown. */
export const STEPS = {
  hour: { stepSeconds: 60, points: 60, keptMs: 70 * 60_000 },
  day: { stepSeconds: 900, points: 96, keptMs: 25 * 60 * 60_000 },
} as const satisfies Record<ActivityWindow, { stepSeconds: number; points: number; keptMs: number }>;

/** When the step began that this time is in. */
export function beginOfStep(at: Date, stepSeconds: number): Date {
  const stepMs = stepSeconds * 1000;
  return new Date(Math.floor(at.getTime() / stepMs) * stepMs);
}

/** When the first point of a window begins, so that the last one is the step of now. */
export function beginOfWindow(now: Date, window: ActivityWindow): Date {
  const { stepSeconds, points } = STEPS[window];
  return new Date(beginOfStep(now, stepSeconds).getTime() - (points - 1) * stepSeconds * 1000);
}
