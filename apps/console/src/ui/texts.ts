import { texts } from '../text/text.js';

/** Texts of the kit. */
export const UI = texts('ui', {
  loading: 'Loading…',
  failed: 'This could not be loaded',
  unreachable: 'The registry does not answer. What is shown may be out of date; the console tries again by itself.',
  again: 'Try again',
  requestId: 'Request {id}, as in the log of the registry',
  roleRequired: 'Your role does not allow this. Ask an administrator with a higher one.',
  copy: 'Copy',
  copied: 'Copied',
  close: 'Close',
  cancel: 'Cancel',
  undo: 'Undo',
  undone: 'Undone',
  dismiss: 'Dismiss',
  rows: '{count, plural, one {# row} other {# rows}}',
  rowsSoFar: '{count, plural, one {# row} other {# rows}} so far',
  notifications: 'Notifications',
  filters: 'Search and filters',
});
