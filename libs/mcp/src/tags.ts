/** The form of a tag of a gateway, a virtual server or an item. */
export const TAG = /^[a-z0-9][a-z0-9._:/-]{0,63}$/;
/** Most tags of one object. */
export const MAX_TAGS = 32;

const ILLEGAL = /[^a-z0-9._:/-]+/g;

/** Tags in the form of today, each once: gateways of before this form may have others. */
export function legalTags(tags: readonly string[]): string[] {
  const legal = tags.map((tag) =>
    tag
      .toLowerCase()
      .replace(ILLEGAL, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 64),
  );
  return [...new Set(legal)].filter((tag) => tag !== '');
}
