import { texts } from '../../text/text.js';

/** Texts of the list of gateways. */
export const GATEWAYS = texts('gateways', {
  title: 'Gateways',
  lead: 'Upstream MCP servers that this registry knows. None of their credentials is here.',
  register: 'Register a gateway',
  search: 'Search by name or slug',
  state: 'State',
  any: 'Any',
  verified: 'Verified',
  unverified: 'Not verified yet',
  pending: 'Changes to review',
  suspected: 'May have changed',
  rejected: 'Rejected changes',
  drift: 'Changes',
  name: 'Name',
  url: 'URL',
  tools: 'Tools',
  alive: 'Calls',
  answers: 'Answers',
  fails: 'Fails',
  unknown: 'None yet',
  emptyTitle: 'No gateway yet',
  empty:
    'Register the first upstream MCP server: its URL is enough to begin with. The credential is typed later, sealed in this page, used once and dropped.',
  noneTitle: 'Nothing matches',
  none: 'No gateway matches the search and the filters.',
  clear: 'Clear the filters',
  list: 'List of gateways',
});
