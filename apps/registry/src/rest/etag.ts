import { createHash } from 'node:crypto';
import { LetheError } from '@lethe/platform';

const VERSIONED = /^"(\d{1,10})(?:\.[\w-]+)?"$/;

/** A short digest of a content, for entity tags. */
export function contentTag(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 16);
}

/**
 * Entity tag of a resource (RFC 9110, section 8.8.3): its version, which changes with what administrators set, and a digest of
 * all that is shown, which changes also with what verifications find.
 */
export function etagOf({ version }: { version: number }, view: object): string {
  return `"${version}.${contentTag(JSON.stringify(view))}"`;
}

/**
 * Checks the `If-Match` header (RFC 9110, section 13.1.1) against the current version: what a verification has found meanwhile
 * does not stand against a change. A request without it always passes.
 * @throws LetheError `precondition_failed`
 */
export function requireMatch(ifMatch: string | undefined, current: { version: number }): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const versions = ifMatch.split(',').map((tag) => VERSIONED.exec(tag.trim())?.[1]);
  if (!versions.includes(String(current.version))) throw new LetheError('precondition_failed');
}
