import { texts } from '../../text/text.js';

/** Texts of Try it: where to, and as whom. */
export const TRY = texts('try', {
  title: 'Try it',
  lead: 'Call a virtual server through the proxy, as a client does.',
  server: 'Virtual server',
  choose: 'Choose one',
  era: 'Protocol',
  legacy: 'Legacy: initialize, then a session',
  modern: 'Modern: 2026-07-28, each request alone',
  connection: 'Where to, and as whom',
  privacy:
    'What you type here stays in this page. Each request takes it to {origin}, and nowhere else: the registry never gets it. It is gone when you leave this screen.',
  key: 'Key of a caller',
  keyHint: 'Begins with lethe_key_. A key that was made for this virtual server, or for all.',
  token: 'Access token',
  tokenHint: 'Of {issuer}.',
  open: 'This virtual server is open: it takes callers without a key.',
  secretHint: '{secret}. Sent as {header}.',
  schemeHint: '{secret}, such as Bearer and a token. Sent as {header}.',
  illegal: 'A header can not have these characters.',
  noHeaders: 'Its upstreams take no credential of callers.',
  connect: 'Connect',
  disconnect: 'Disconnect',
  connected: 'Connected',
  answeredBy: '{name}, protocol {version}',
  noProxy: 'The registry does not know where the proxies are',
  noProxyHelp: 'Set LETHE_PUBLIC_URL to the address at which clients reach them.',
  off: 'This virtual server is switched off. It answers every caller with 503.',
  emptyTitle: 'No virtual server to try yet',
  empty: 'Make a virtual server first: it selects what callers may use.',
  make: 'Make a virtual server',
  whatNext: 'Choose what to call',
  whatNextHelp: 'Everything on the left is what this caller may use.',
  nothing: 'This caller may use nothing here.',
  offered: 'What is offered',
  filter: 'Filter',
  kind: 'Kind',
  tool: 'Tool',
  resource: 'Resource',
  resourceTemplate: 'Template',
  prompt: 'Prompt',
  missing: 'This virtual server does not offer {name} to this caller.',
});

/** Texts of a call. */
export const CALL = texts('call', {
  call: 'Call',
  read: 'Read',
  get: 'Get',
  cancel: 'Cancel',
  arguments: 'Arguments',
  running: 'Running…',
  cancelled: 'Cancelled. The upstream was told.',
  progress: 'Progress',
  progressOf: '{progress} of {total}',
  log: 'What it logged',
  result: 'Result',
  toolError: 'The tool says that it failed',
  exchange: '{era} era · {requests, plural, one {# request} other {# requests}} · {ms} ms',
  request: '{method} · {status} · {ms} ms',
  unanswered: 'no answer',
  structured: 'Structured result',
  fits: 'It fits the schema that the tool promises.',
  misfits: 'It does not fit the schema that the tool promises.',
  raw: 'The whole answer',
  image: 'Image of the result, {type}',
  data: '{type}, {bytes, plural, one {# byte} other {# bytes}}',
  empty: 'The result is empty.',
  role: '{role, select, user {User} assistant {Assistant} other {{role}}}',
  unchecked: 'Its schema could not be checked in this page. The upstream checks the arguments.',
  fixFirst: 'Correct the arguments first.',
});

/** Texts of failures: what happened, and what to do. */
export const FAILED = texts('tryFailed', {
  title: 'The call failed',
  connectTitle: 'It could not connect',
  code: 'Code {code}',
  credential_required: 'A credential for {gateway} is missing. Disconnect, type it as {header}, and connect again.',
  credential_missing:
    'A credential for {gateway} is missing, and it takes none of callers. An administrator has to add a mapping.',
  upstream_rejected_credential:
    '{gateway} rejected your credential ({status}). Check that it is complete, still valid, and allows this. Then disconnect and type it again.',
  kept_credential_rejected:
    '{gateway} rejected the credential that is kept for it. An administrator has to keep a new one.',
  credential_malformed: 'A credential does not have the form that {gateway} requires. Disconnect and type it again.',
  credential_ambiguous: 'It is not clear for which gateway a credential is. Use the exact header.',
  unauthorized: 'The proxy does not take this key or token. Type one that is valid for this virtual server.',
  era: 'This virtual server does not speak this era of the protocol. Choose the other one.',
  session: 'The session is over. Disconnect, then connect again.',
  off: 'This virtual server is switched off. An administrator has to switch it on.',
  origin:
    'The proxy does not let pages of this address in. LETHE_REGISTRY_PUBLIC_URL has to be the address of this console.',
  unreachable:
    'The proxy does not answer, or does not let this page in. Nothing is known about whether the call arrived.',
  said: 'It says: {message}',
});

/** Texts of what an upstream asks. */
export const ASK = texts('ask', {
  title: 'The upstream asks you something',
  warning: 'It decides what becomes of your answer. Never type a password or a token here.',
  send: 'Send the answer',
  decline: 'Decline',
  answer: 'Answer',
  urlLead: 'It wants you to open this page, at {host}:',
  open: 'Open in a new tab',
  done: 'I have done it',
  badUrl: 'This address is not safe to open. Decline it.',
});
