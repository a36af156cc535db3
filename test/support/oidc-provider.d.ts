/** What the tests use of the package, which has no types of its own. */
declare module 'oidc-provider' {
  import type { EventEmitter } from 'node:events';
  import type { RequestListener } from 'node:http';

  export class Provider extends EventEmitter {
    constructor(issuer: string, configuration: object);
    callback(): RequestListener;
  }
  export const errors: Record<'InvalidTarget', new () => Error>;
}
