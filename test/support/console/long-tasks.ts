import type { Page } from 'playwright-core';

/** Runs in the page: tasks that keep it from answering a key for over 50 ms (W3C, Long Tasks API). */
const WATCH = `globalThis.longTasks = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
  .observe({ type: 'longtask' });`;

/** Begins to note long tasks of the page. */
export async function watchLongTasks(page: Page): Promise<void> {
  await page.evaluate(WATCH);
}

/** The longest task since then, in milliseconds; 0 if none took over 50. */
export async function longestTaskMs(page: Page): Promise<number> {
  return page.evaluate('Math.max(0, ...longTasks)');
}
