import { texts } from '../../text/text.js';

/** Texts of the tab about who may call what. */
export const ACCESS = texts('composerAccess', {
  who: 'Who may call',
  access: 'Callers',
  key: 'Callers with a key of Lethe',
  open: 'Anyone, without a key',
  jwt: 'Callers with a token of an issuer',
  openWarning:
    'Anyone who reaches the proxy can call everything here. Credentials for the upstreams are still the caller’s own.',
  keyHint: 'Keys are made under Keys, each for the virtual servers that you choose.',
  issuer: 'Issuer',
  audience: 'Audience',
  jwksUri: 'Its keys (JWKS URL)',
  algorithms: 'Algorithms',
  rolesClaim: 'Claim with roles',
  rolesClaimHint: 'Empty: tokens have no roles. A path with dots is possible.',
  roleMap: 'Roles by their values in the claim',
  roleMapHint: 'One on each line: value = role. Without any, a value is no role.',

  grants: 'Who may see and use what',
  everybody: 'Everybody who may call sees and uses everything.',
  nobody: 'There is no grant: nobody sees anything.',
  grantsLead: 'What no grant allows does not exist for a caller.',
  limitToRoles: 'Choose by roles',
  allowAll: 'Everybody everything again',
  addGrant: 'Add a grant',
  grant: 'Grant {number}',
  remove: 'Remove',
  removeGrant: 'Remove grant {number}',
  role: 'Role',
  roleHint: 'Of keys or tokens; * is every caller.',
  grantKinds: 'Kinds',
  allKinds: 'All kinds',
  grantGateways: 'Only of these gateways',
  grantNames: 'Only these names',
  grantNamesHint: 'As clients see them. One on each line, * is any text.',
  readOnly: 'Only what reads',

  limits: 'Limits',
  limitsLead: 'For the tool calls of each caller, at each worker of each proxy.',
  limitAll: 'Limit all tools together',
  addLimit: 'Add a limit for some tools',
  toolLimit: 'Limit {number}',
  removeLimit: 'Remove limit {number}',
  limitNames: 'Tools',
  calls: 'Calls',
  seconds: 'In seconds',
  burst: 'At once',
  concurrent: 'At the same time',

  credentials: 'Whose credential calls have',
  credentialsLead:
    'Callers send their own with each call, and Lethe forgets it with the answer. A kept one is used only for what a grant allows whose role is not * and that names the gateway.',
  callers: 'The caller’s own',
  'callers-then-kept': 'The caller’s own, or the kept one',
  kept: 'The kept one alone',
  noGateways: 'There is no gateway yet.',
});

/** Texts of what a role sees, and of the explanation of a call. */
export const SEE = texts('composerSee', {
  title: 'What a role would see',
  lead: 'As published in revision {revision}.',
  role: 'Role',
  roleHint: 'Several with commas. * is a caller without roles.',
  sees: '{count, plural, =0 {Such a caller sees no tool.} one {Such a caller sees # of {all, plural, one {# tool} other {# tools}}, about {tokens} tokens.} other {Such a caller sees # of {all, plural, one {# tool} other {# tools}}, about {tokens} tokens.}}',
  list: 'Tools for {role}',
  tool: 'Tool',
  gateway: 'Gateway',

  explain: 'Why can this caller not call that?',
  explainLead: 'It makes no call. Enter the id of a key, which is not the key itself, or roles.',
  kind: 'Kind',
  item: 'Name or URI, as clients see it',
  keyId: 'Id of the key',
  keyIdHint: '16 digits and letters, as the list of keys shows it.',
  keyIdIllegal: 'This is no id of a key. Never enter the key itself here.',
  roles: 'Or roles',
  ask: 'Explain',
  allowed: 'The call would be let through.',
  refused: 'The call would be refused',
  nearest: 'Did you mean {name}?',
  goesTo: 'It goes to {own} of {gateway} at {origin}.',
  sends: 'The caller sends',
  admission:
    'Authorization: Bearer with {holds, select, key {a key of Lethe} other {a token of the issuer}}. It stays here.',
  header:
    '{exact} with the caller’s own credential, {required, select, true {required} other {if the upstream asks for it}}. Only {origin} gets it, and nothing keeps it.',
  keptUse: 'The kept credential would be used.',
  proxies:
    '{current, number} of {all, plural, one {# proxy worker} other {# proxy workers}} {current, plural, one {serves} other {serve}} revision {revision}.',
});
