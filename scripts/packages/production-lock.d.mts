export function reachable(packages: Record<string, object>, manifest: object): string[];

export function productionLock(
  lock: { lockfileVersion: number; packages: Record<string, object> },
  manifest: object,
): object;
