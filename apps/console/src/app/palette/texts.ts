import { texts } from '../../text/text.js';

/** Texts of the palette. */
export const PALETTE = texts('palette', {
  open: 'Go to…',
  title: 'Go to a screen, gateway, virtual server or key',
  hint: 'Arrow keys choose, Enter goes there, Escape closes.',
  results: 'Where to go',
  screen: 'Screen',
  gateway: 'Gateway',
  server: 'Virtual server',
  key: 'Key',
  none: 'Nothing has this name.',
  looking: 'Looking for names…',
  lost: 'Names can not be looked up: the registry does not answer.',
  count: '{count, plural, one {# place} other {# places}}',
  keys: 'Ctrl K',
  keysMac: '⌘ K',
});
