import type { Locator } from 'playwright-core';

/** More presses than any screen needs. */
const MOST = 120;

/** What of an element of the page is used here: the types of this program know no documents. */
interface FocusableElement {
  matches(selector: string): boolean;
}

/** Whether an element has the focus. */
export function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element: FocusableElement) => element.matches(':focus'));
}

/** Presses Tab until an element has the focus, as somebody without a mouse does. */
export async function tabTo(target: Locator): Promise<void> {
  for (let presses = 0; presses < MOST; presses += 1) {
    if (await hasFocus(target)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error('Tab does not lead there');
}
