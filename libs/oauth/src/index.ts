export { obtainToken, type ObtainedToken, type TokenDial } from './obtain-token.js';
export {
  clientSecrets,
  requestParts,
  type RequestParts,
  type SendableCredential,
  withToken,
} from './sendable-credential.js';
export { TokenFailure, type TokenFailureCode, type TokenFailureDetail, tokenFailureOf } from './token-failure.js';
