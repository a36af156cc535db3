/** The oldest nats-server that has all features that are used here. */
export const OLDEST_SERVER = '2.9';

/** The servers that get security fixes, and the first fixed version of each line. */
export const SUPPORTED_SERVERS = '2.11 from 2.11.16 on, 2.12 from 2.12.7 on, or 2.14 and later';

const FIXED_LINES = [
  [2, 11, 16],
  [2, 12, 7],
] as const;
const FIXED_FROM = [2, 14, 0] as const;

/** Whether the bus can work with this nats-server at all. */
export function isUsableServer(version: string): boolean {
  return isAtLeast(version, OLDEST_SERVER.split('.').map(Number));
}

/** Whether this nats-server lacks fixes of known security faults. */
export function isOutdatedServer(version: string): boolean {
  if (isAtLeast(version, FIXED_FROM)) return false;
  const [ownMajor, ownMinor] = numbersOf(version);
  return !FIXED_LINES.some(([major, minor, patch]) => {
    return ownMajor === major && ownMinor === minor && isAtLeast(version, [major, minor, patch]);
  });
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const own = numbersOf(version);
  const difference = wanted.map((part, at) => (own[at] ?? 0) - part).find((step) => step !== 0) ?? 0;
  return difference >= 0;
}

/** Of `2.14.0-RC.1` the numbers before the hyphen. */
function numbersOf(version: string): number[] {
  return (version.split('-')[0] ?? '').split('.').map((part) => Number(part) || 0);
}
