const OLDEST = [24, 14, 1] as const;

/**
 * Stops the start on a version of Node.js that Lethe does not support: it could otherwise fail without an error.
 * @throws Error with one clear line
 */
export function assertSupportedNode(version: string = process.versions.node): void {
  const parts = version.split('.').map(Number);
  const difference = OLDEST.map((wanted, at) => (parts[at] ?? 0) - wanted).find((step) => step !== 0) ?? 0;
  if (difference < 0) throw new Error(`Lethe needs Node.js ${OLDEST.join('.')} or later; this is ${version}`);
}
