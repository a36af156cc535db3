import { TestRunner } from 'vitest';

/**
 * What Lethe promises, one line and id each. A test that proves one says `verifies(id)` in its body;
 * test/architecture/requirements.spec.ts fails when a promise has no proof.
 */
export const REQUIREMENTS = {
  // The registration credential
  'credential.never-in-memory':
    'After a verification no long-lived process holds a copy of the registration credential',
  'credential.never-at-rest': 'No database file, write-ahead log, broker file or log line holds a copy of it',
  'credential.door-leaves-nothing': 'The same holds when it came in clear through the door',
  'credential.child-ends': 'The process that held the credential is gone within a second of the handshake',
  'credential.never-in-clear': 'A credential sent in clear where sealed ones are accepted is refused without echo',
  'credential.bound': 'A sealed credential opens only in its slot, for its URL and its verification, before its end',
  'credential.once': 'A replayed envelope meets nobody',
  'credential.never-reflected': 'An upstream that repeats the credential fails the verification; nothing is kept',
  'credential.no-stream': 'No stream may capture the subjects that carry sealed credentials',
  // Verifications
  'verification.ends-in-a-code': 'Every way in which an upstream can fail ends in a closed code, and the pool recovers',
  'verification.lost': 'A crash of the connector at any step ends in lost by the deadline',
  'verification.expired': 'A slot that nobody uses ends in expired',
  'verification.fenced': 'Results twice, late, out of order or for a superseded configuration change nothing',
  'verification.whole': 'A catalogue is applied whole or not at all; one bad item is skipped and reported',
  'gateway.pending': 'A changed URL keeps the verified configuration serving until the new one verifies',
  'transport.sse': 'An upstream of the HTTP+SSE transport is verified like any other, at its own origin only',
  // Calls
  'path.embedded': 'Real upstreams of both eras register once and are called by real clients, in one process',
  'path.separate': 'The same by three services and two proxies over PostgreSQL and NATS',
  'transport.sse-calls':
    'A call of an HTTP+SSE upstream has a connection of its own, bounded and closed, at its own origin',
  'passthrough.missing-credential-is-readable':
    'Where the virtual server says so, a model reads in a tool result which header is missing',
  'passthrough.untouched':
    'Unknown members, _meta, annotations, icons and ui:// pass as they came, and a trace goes on',
  'access.jwt': "A virtual server registered for an issuer's tokens lets in their bearers and nobody else",
  'session.fits': 'A virtual server whose sessions would not fit one session token is not published',
  'methods.known': 'Every method and notification of the specification is in one table that says how it is routed',
  'listing.live':
    "A live list shows what the caller's own list shows too; one that can't be had is left out and said so",
  'listing.slow': 'A slow or dead upstream never keeps the lists of the others back',
  'passthrough.one-credential-one-upstream': 'A credential reaches the one upstream it is for, and no other',
  'passthrough.own-token-stays': "The caller's own Authorization never goes upstream",
  'passthrough.missing-credential-is-named': 'A call without a required credential says which header to send',
  'session.any-replica': 'A legacy session works on any replica, request by request',
  'session.bound': 'A session token of another caller or virtual server is unknown',
  'legacy.asked-on-any-replica':
    'What an upstream asks of a legacy client is answered on any replica, and reaches who asked',
  'legacy.streams-resume-anywhere':
    'A stream of a legacy client goes on where it was, on any replica, at every upstream in it',
  'legacy.answers-stay-apart': 'An answer of one client never reaches another upstream or another session',
  'legacy.list-changed': 'Open streams tell that a virtual server changed, and resumed ones that it did meanwhile',
  'session.no-mix-up': 'A thousand sessions at once with equal JSON-RPC ids: no answer reaches another client',
  'call.cancelled': "A client's cancellation reaches the upstream, in the form of its era",
  'relay.verbatim': 'What an upstream answers passes byte for byte: blobs, odd numbers, unknown members',
  'relay.own-answers':
    'What answers a call is its own upstream’s answer to it: another id, a list, a request or garbage is told as a failure',
  'upstream.down-alone': 'An upstream that is slow, dies or is away is told by name and keeps no other waiting',
  'relay.bounded': 'An event or a translated answer that is too long fails its call with a clear error, once',
  'streams.watched':
    'Streams that clients keep open are counted: how many, how long, why they ended, and nothing secret',
  'unsupported.said': 'What is not supported is not advertised and gets the error of the specification',
  'asking.says-who': 'Where several gateways can ask, what a person is asked begins with the name of the one that asks',
  'relay.streamed': 'Large answers are handed on as they come, and never faster than the client reads',
  'lists.paged': 'Lists of many upstreams are whole, in one order, over pages that any replica goes on with',
  'answers.whole':
    'An answer that leaves past the response object is what node would have sent, in its turn, and its connection goes on',
  'lists.packed': 'A list is the same for clients that take gzip as for those that do not, in a tenth of the bytes',
  'names.reach-their-own':
    'Names that clash, or have 64 characters, are legal, told apart, and reach their own upstream under their own name',
  'names.stable': 'An exposed name, once given, never means something else',
  'eras.translated':
    'Clients of each era call upstreams of the other, with no more upstream requests than the table says',
  'eras.counted':
    'Each cell of client and upstream costs, call by call, the upstream requests of the table and no more',
  'versions.per-hop': 'Each hop speaks the version agreed on it, client by client and upstream by upstream',
  'mirrors.agree': 'Headers that mirror a request, its arguments included, agree with its body or it is refused',
  'listening.merged':
    'A modern client listens once and hears every upstream that it brought a credential for, and no other',
  'eras.asked-across':
    'What a legacy upstream asks in a call reaches a modern client, and the answer goes on on any replica; else nothing is offered',
  // Scale (docs/operations/scaling.md)
  'scale.many-servers':
    'Thousands of virtual servers are not looked through to resolve an item, and what they share is kept once',
  'scale.open-streams': 'What one open stream costs is bounded',
  'scale.slow-reader': 'A client that does not read holds its upstream back, and nothing piles up between them',
  'workers.one-service': 'The workers of one proxy serve its port, its sessions, its health and its counts together',
  'workers.replaced': 'A worker that dies is replaced, the calls of the others go on, and no count is lost',
  'workers.end-in-order':
    'All workers end in order at one signal: what is under way is answered, nobody is left behind',
  'scale.registrations-at-once': 'Twenty registrations at once all end verified, and no call fails meanwhile',
  // Tampering
  'tamper.database': "A writer with full access to PostgreSQL alone receives nobody's credential",
  'tamper.bus': "A writer with full access to NATS alone receives nobody's credential",
  // People
  'cli.whole-path': 'The command registers, verifies again, serves and lists; it never shows a credential',
  // Cost
  'bench.guarded': 'A call that becomes more than a quarter dearer against the bare relay fails CI',
  // Starting
  'start.says-where': 'A start says in one line where everything is',
  'start.says-why-not': 'A start that fails says which setting or directory is in the way, and disturbs nobody',
  // Deployment
  'deployment.clean-clone': "The README's first command works from a clean clone, with the usual ports taken by others",
  'deployment.compose': "The services start with the compose file's environment and NATS configuration",
  'deployment.least-privilege': "Each service's NATS user may use the subjects that are its own and no others",
  'demo.finds-nothing': "The demo's search finds its control and no piece of the registration token",
} as const;

export type RequirementId = keyof typeof REQUIREMENTS;

declare module 'vitest' {
  interface TaskMeta {
    /** Ids of the promises that this test proves. */
    promises?: RequirementId[];
  }
}

/** Says which promise the running test proves; the report of the run lists it with the test's result. */
export function verifies(id: RequirementId): void {
  if (!(id in REQUIREMENTS)) throw new Error(`not a promise: ${id}; list it in test/requirements.ts`);
  const meta = TestRunner.getCurrentTest()?.meta;
  if (meta) meta.promises = [...(meta.promises ?? []), id];
}
