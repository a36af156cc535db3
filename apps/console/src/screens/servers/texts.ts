import { texts } from '../../text/text.js';

/** Texts of the list of virtual servers. */
export const SERVERS = texts('servers', {
  title: 'Virtual servers',
  lead: 'What MCP clients see: items of your gateways, under names that you choose. None of the callers’ credentials is here.',
  create: 'Make a virtual server',
  search: 'Search by name or slug',
  gateway: 'With items of the gateway',
  tag: 'Tag',
  list: 'List of virtual servers',
  name: 'Name',
  state: 'State',
  on: 'On',
  off: 'Switched off',
  tools: 'Tools',
  gateways: 'Gateways',
  access: 'Who may call',
  key: 'Callers with a key',
  open: 'Anyone',
  jwt: 'Tokens of {issuer}',
  roles: '{count, plural, one {# role} other {# roles}}',
  leftOut: '{count} left out',
  lost: '{count} lost',
  warnings: '{count, plural, one {# warning} other {# warnings}}',
  more: '{first} and {count} more',
  emptyTitle: 'No virtual server yet',
  empty:
    'A virtual server is the one URL that an MCP client gets. Choose from your gateways what it has, and who may call it.',
  noneTitle: 'Nothing matches',
  none: 'No virtual server matches the search and the filters.',
  clear: 'Clear the filters',
});
