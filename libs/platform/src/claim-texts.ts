/** Most values of a claim that are read. */
const MAX_VALUES = 1_000;

/**
 * The texts in a claim of a token: none if it is missing, or is neither a text nor an array of texts.
 * @param name dots lead into objects, unless a claim has the whole name: names of private claims are often URLs
 */
export function claimTexts(claims: object, name: string): string[] {
  const value = Object.hasOwn(claims, name) ? member(claims, name) : name.split('.').reduce<unknown>(member, claims);
  return textsOf(value).slice(0, MAX_VALUES);
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

/** A text is also a list of words, as `scope` is (RFC 6749, section 3.3). */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(' ')];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
