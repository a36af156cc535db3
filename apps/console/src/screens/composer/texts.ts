import { texts } from '../../text/text.js';

/** Texts of the composer around its tabs. */
export const COMPOSER = texts('composer', {
  newTitle: 'Make a virtual server',
  newLead: 'Choose from your gateways what MCP clients see. Nothing is served before you publish.',
  lead: 'Revision {revision}, changed {since}. Clients use {path}.',
  gone: 'There is no such virtual server',
  goneWhy: 'It may have been deleted, or its address is misspelt.',
  all: 'All virtual servers',
  connect: 'Connect a client',
  try: 'Try it',
  parts: 'Parts of the virtual server',
  items: 'Items',
  access: 'Access',
  settings: 'Settings',
  size: 'Size',
  changed: '{count, plural, one {# change is} other {# changes are}} not published yet: {fields}.',
  unchanged: 'Everything is published.',
  publish: 'Publish',
  check: 'Check',
  discard: 'Drop the changes',
  published: 'Published as revision {revision}. All proxies serve it.',
  late: 'Published as revision {revision}. Not served yet by {hosts}.',
  soon: 'Published as revision {revision}. Proxies serve it as soon as they have it.',
  made: '{name} is made, and all proxies serve it.',
  madeSoon: '{name} is made. Proxies serve it as soon as they have it.',
  outdated:
    'Somebody else has changed this meanwhile. Publish to see both changes side by side; nothing of theirs is overwritten.',
  notPublished: 'This was not published',
  checkOk: 'The registry would take this. It would change: {fields}.',
  checkNew: 'The registry would make this virtual server.',
  checkSame: 'The registry would change nothing.',
  checkBad: 'The registry would refuse this',
  leaveTitle: 'Your changes are not published',
  leave: 'If you go now, {fields} will be as before.',
  stay: 'Stay here',
  go: 'Go without them',
  name_clash: 'Two items have the same name. Give one of them another name in the list.',
  header_clash: 'Two gateways get the same header from callers. Take one of them out.',
  slug_taken: 'Another virtual server has this slug. Choose another one.',
});

/** What people call the fields of a virtual server. */
export const FIELD = texts('serverField', {
  name: 'Name',
  slug: 'Slug',
  description: 'Description',
  instructions: 'Instructions',
  tags: 'Tags',
  items: 'Single items',
  include: 'Rules',
  access: 'Who may call',
  enabled: 'Switched on',
  missingCredential: 'Missing credential',
  rejectedCredential: 'Rejected credential',
  eras: 'Protocol eras',
  maxNameLength: 'Longest name',
  grants: 'Grants',
  limits: 'Limits',
  credentials: 'Credentials',
  shortForm: 'Short forms of headers',
});

/** What is wrong with a field, by the rule that it breaks. */
export const RULE = texts('serverRule', {
  min_length: 'Please fill this in.',
  max_length: 'This is too long.',
  matches: 'This has a sign that is not allowed here, or is too long.',
  gateway_unknown: 'There is no such gateway.',
  owner_does_not_map_header: 'This gateway does not get this header.',
  other: 'The registry does not take this: {rule}.',
});
