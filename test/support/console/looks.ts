import { expect } from 'vitest';
import type { OpenConsole } from './open-console.js';

const WIDTHS = [360, 1280];
/** Until they have ended, axe would see colours between two schemes. */
const TRANSITIONS = `Promise.all(document.getAnimations()
  .filter((each) => each instanceof CSSTransition).map((each) => each.finished.catch(() => undefined)))`;

/**
 * Takes pictures of what is open at the widths of a phone and of a desk, light and dark. Axe finds nothing serious in them, and
 * nothing is wider than the page.
 */
export async function looksRight({ page, seriousFindings, picture }: OpenConsole, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(TRANSITIONS);
      expect(await seriousFindings()).toEqual([]);
      await picture(`${name}-${width}-${colorScheme}`);
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect([width, overflow]).toEqual([width, 0]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
