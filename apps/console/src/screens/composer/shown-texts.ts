import { texts } from '../../text/text.js';

/** Texts of values that two administrators have changed. */
export const SHOWN = texts('composerShown', {
  without: 'Without these entries',
  nothing: 'Nothing chosen',
  empty: 'An empty text',
  yes: 'Yes',
  no: 'No',
  item: '{gateway}/{name}',
  listed: '{item}, as it is',
  as: 'named {as}',
  described: 'described as “{description}”',
  off: 'switched off',
});
