export const OLDEST_NODE: readonly number[];

export type Trial = { version: string } | { failure: string };

export function chooseNode(found: {
  bundled: string | undefined;
  system: { path: string; version: string };
  tryOut: (path: string) => Trial;
}): { path: string } | { problem: string };
