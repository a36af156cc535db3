import { texts, type Message } from '../../text/text.js';

/** What was done, by the id of the operation in the OpenAPI document or the event. */
const DONE = {
  registerGateway: 'Gateway registered',
  changeGateway: 'Gateway changed',
  deleteGateway: 'Gateway deleted',
  beginVerification: 'Verification begun',
  sendCredential: 'Sealed credential sent',
  cancelVerification: 'Verification cancelled',
  'verification.verified': 'Verified',
  'verification.failed': 'Verification failed',
  'verification.lost': 'Verification lost',
  'verification.expired': 'Verification expired',
  'verification.held': 'Held for a review',
  applyVerification: 'Changes applied',
  rejectVerification: 'Changes rejected',
  keepCredential: 'Credential kept, sealed',
  forgetCredential: 'Kept credential forgotten',
  keptCredentialRefused: 'Kept credential refused',
  createServer: 'Virtual server made',
  changeServer: 'Virtual server changed',
  changeServerItems: 'Items of a virtual server changed',
  deleteServer: 'Virtual server deleted',
  createKey: 'Key issued',
  changeKey: 'Key changed',
  rotateKey: 'Key replaced',
  revokeKey: 'Key revoked',
  importDocument: 'Document imported',
  'administrator.created': 'First administrator made',
  createAdmin: 'Administrator made',
  changeAdmin: 'Administrator changed',
  rotateAdmin: 'Token replaced',
  removeAdmin: 'Administrator removed',
  rowTampered: 'Changed row found and refused',
} as const;

const TEXTS = texts('auditOperation', DONE);

/** The operations that have a name for people. */
export const OPERATIONS = Object.keys(DONE);

/** What an operation did, for people; undefined for one of a later version. */
export function operationText(operation: string): Message | undefined {
  return new Map<string, Message>(Object.entries(TEXTS)).get(operation);
}
