import { LetheError } from '@lethe/platform';

/** Entity tag of a version (RFC 9110, section 8.8.3). */
export function etagOf({ version }: { version: number }): string {
  return `"${version}"`;
}

/**
 * Checks the `If-Match` header (RFC 9110, section 13.1.1) against the current version. A request without it always
 * passes.
 * @throws LetheError `precondition_failed`
 */
export function requireMatch(ifMatch: string | undefined, current: { version: number }): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(etagOf(current))) throw new LetheError('precondition_failed');
}
