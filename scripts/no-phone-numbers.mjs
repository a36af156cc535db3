/**
 * Stands in bundles for libphonenumber-js, which class-validator imports for one rule that nothing here uses. Its tables would be
 * a third of the lethe command.
 */
export function parsePhoneNumber() {
  throw new Error('Phone numbers are not validated here');
}
