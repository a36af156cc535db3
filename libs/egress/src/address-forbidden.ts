/** Thrown instead of connecting: the destination leads to an address that may not be dialled. */
export class AddressForbidden extends Error {
  override readonly name = 'AddressForbidden';
  readonly code = 'address_forbidden';

  constructor() {
    super('this address may not be dialled');
  }
}
