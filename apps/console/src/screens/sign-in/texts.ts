import { texts } from '../../text/text.js';

/** Texts of the sign-in. */
export const SIGN_IN = texts('signIn', {
  title: 'Sign in to Lethe',
  lead: 'The console of this registry. It keeps your token in the memory of this page alone: after a reload you sign in again.',
  token: 'Administrator token',
  tokenHint:
    'lethe_admin_… The first one is in the file admin-token of the data directory. Your password manager can keep it.',
  submit: 'Sign in',
  refused: 'The registry does not know this token. It may have been rotated, or it belongs to another registry.',
  over: 'You were signed out: the registry no longer accepts the token. Sign in again to go on where you were.',
  empty: 'Type or paste a token.',
  callerKey: 'This is a key of a caller (lethe_key_…), for virtual servers. The console needs an administrator token.',
});
