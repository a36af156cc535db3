import { type RefObject, useLayoutEffect, useState } from 'react';

/** Before anything is measured. */
const INITIAL = 320;

/** How wide an element is, in pixels; kept up to date. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(INITIAL);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? INITIAL)));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
