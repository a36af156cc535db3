const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The form of a reference in a path or body: an id or a slug. */
export const REFERENCE = /^[A-Za-z0-9-]{1,36}$/;

/** Whether a reference is an id; otherwise it is a slug. */
export function isId(ref: string): boolean {
  return UUID.test(ref);
}
