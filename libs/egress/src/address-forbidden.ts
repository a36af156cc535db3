/** The destination has an address that connections may not go to. Thrown before anything is sent. */
export class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
  readonly code = 'address_forbidden';

  constructor() {
    super('connections to this address are not allowed');
  }
}
