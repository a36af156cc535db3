import { slugify } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

const MAX_LENGTH = 24;

/**
 * The requested slug, or a free one made from the name: `search`, `search-2`, `search-3`, …
 * @throws LetheError `slug_taken` when the requested slug is in use
 */
export async function freeSlug(
  { slug, name }: { slug?: string; name: string },
  isTaken: (slug: string) => Promise<boolean>,
): Promise<string> {
  if (slug !== undefined) {
    if (await isTaken(slug)) throw new LetheError('slug_taken');
    return slug;
  }
  const wanted = slugify(name);
  for (let n = 1; ; n += 1) {
    const suffix = n === 1 ? '' : `-${n}`;
    const candidate = `${wanted.slice(0, MAX_LENGTH - suffix.length).replace(/-$/, '')}${suffix}`;
    if (!(await isTaken(candidate))) return candidate;
  }
}
