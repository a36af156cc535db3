import { texts } from '../../text/text.js';

/** Texts of the settings of a virtual server. */
export const SETTINGS = texts('composerSettings', {
  about: 'What it is',
  name: 'Name',
  slug: 'Slug',
  slugHint: 'Part of its URL, so it never changes.',
  description: 'Description',
  tags: 'Tags',
  tagsHint: 'Words by which people find it.',
  enabled: 'Switched on',
  enabledHint: 'Switched off, it answers every caller with 503 and keeps all its settings.',

  told: 'What clients are told',
  instructions: 'Instructions',
  upstreams: 'Those of the upstreams',
  none: 'None',
  own: 'These',
  instructionsText: 'Text for models',
  instructionsHint: 'Models read it at the beginning of a session.',
  maxNameLength: 'Longest name that is made',
  maxNameLengthHint: '20 to 64. Some clients put a prefix before names and cut them off. Names that are given stay.',

  calls: 'How calls are answered',
  eras: 'Protocol eras',
  auto: 'As the gateways can',
  both: 'Both',
  legacy: 'Legacy alone',
  erasHint: 'As the gateways can: modern clients fall back while a gateway keeps sessions in the legacy era.',
  missing: 'If a credential is missing',
  result: 'A result that the model can read',
  error: 'An error for the client',
  rejected: 'If a credential is rejected',
  rejectedError: 'Told with HTTP status 200',
  rejectedHttp: 'Told with HTTP status 401 or 403',
  rejectedHint:
    '401 and 403 are for clients that get their headers from a program and run it again. Others take it for a request to sign in.',

  shortForm: 'Short forms of headers',
  shortFormLead: 'Callers may leave the gateway out of the header’s name. Whose credential is meant then?',
  shortFormNone: 'No gateway here gets a header from callers.',
  nobody: 'Nobody’s: the long form is needed',

  delete: 'Delete this virtual server',
  deleteLead:
    'Clients lose it at once. Gateways and keys stay. It can’t be undone: a later server of the same slug begins without its names.',
  deleteTitle: 'Delete {name}?',
  deleteType: 'Type its slug, {slug}',
  deleted: '{name} is deleted.',
});
