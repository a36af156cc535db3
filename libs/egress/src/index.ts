export { DialRule } from './dial-rule.js';
export { AddressForbidden } from './address-forbidden.js';
export { guardedConnector, type Dial } from './guarded-connector.js';
export { guardedAgent, guardedFetch, type GuardedFetch } from './guarded-fetch.js';
export { contentCodings, decoded, UndecodableBody } from './content-coding.js';
export { networkFailure, type NetworkFailure } from './network-failure.js';
