import { freeSlug } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

/**
 * The requested slug, or a free one made from the name.
 * @throws LetheError `slug_taken` when the requested slug is in use
 */
export async function requireFreeSlug(
  wanted: { slug?: string; name: string },
  isTaken: (slug: string) => Promise<boolean>,
): Promise<string> {
  const slug = await freeSlug(wanted, isTaken);
  if (slug === undefined) throw new LetheError('slug_taken');
  return slug;
}
