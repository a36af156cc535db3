const MAX_SLUG = 24;

/** The form of a slug: 1-24 characters, lower-case words joined by single hyphens. */
export const SLUG = /^(?=.{1,24}$)[a-z0-9]+(-[a-z0-9]+)*$/;

/** Whether a text is a slug. */
export function isSlug(slug: string): boolean {
  return SLUG.test(slug);
}

/** Derives a slug from a name. */
export function slugify(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[^a-z0-9]+/g, '-');
  const slug = words.replace(/^-/, '').slice(0, MAX_SLUG).replace(/-$/, '');
  return slug === '' ? 'gateway' : slug;
}

/** Returns the requested slug, or a free one derived from the name; undefined if the requested one is taken. */
export async function freeSlug(
  { slug, name }: { slug?: string | undefined; name: string },
  isTaken: (slug: string) => Promise<boolean>,
): Promise<string | undefined> {
  if (slug !== undefined) return (await isTaken(slug)) ? undefined : slug;
  const wanted = slugify(name);
  for (let n = 1; ; n += 1) {
    const suffix = n === 1 ? '' : `-${n}`;
    const candidate = `${wanted.slice(0, MAX_SLUG - suffix.length).replace(/-$/, '')}${suffix}`;
    if (!(await isTaken(candidate))) return candidate;
  }
}
