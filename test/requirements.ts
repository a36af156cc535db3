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
  'credential.door-leaves-nothing': 'The same is true if it arrives in clear through the door',
  'credential.child-ends': 'The process that held the credential is gone within a second of the handshake',
  'credential.never-in-clear':
    'A credential that is sent in clear, where only sealed ones are accepted, is rejected and not repeated',
  'credential.bound': 'A sealed credential opens only in its slot, for its URL and its verification, before it expires',
  'console.seals-in-the-page':
    'The console seals a credential in the page, exactly as the command does, for an offer that it checked',
  'console.never-in-clear':
    'No request, header, URL or WebSocket frame of the console holds eight bytes of a credential in any encoding',
  'console.tampered-refused':
    'An offer or a connector key that was changed on its way is refused in the page, and nothing is sent',
  'credential.once': 'An envelope that is sent a second time finds no slot that could open it',
  'credential.never-reflected':
    'If an upstream repeats the credential in a response, the verification fails and nothing of it is stored',
  'credential.found-in-encodings':
    'A credential is found in a response also below two encodings, and ordinary texts are not taken for it',
  'credential.query': 'A credential in query parameters is sent in registration and calls, and shown nowhere',
  'credential.oauth':
    'OAuth client credentials are exchanged in the one-shot process, through the same guard; secret, key and token end with it',
  'credential.no-stream': 'No stream may capture the subjects that carry sealed credentials',
  // Verifications
  'verification.ends-in-a-code': 'Every failure of an upstream ends in a closed code, and the pool of slots recovers',
  'verification.cancelled':
    'A verification that waits or runs can be cancelled: its process ends and its slot is free at once',
  'verification.lost': 'A crash of the connector at any step ends in the state lost at the deadline',
  'verification.expired': 'A verification whose slot is not used ends in the state expired',
  'verification.fenced': 'Results that arrive twice, late, out of order or for an old configuration change nothing',
  'verification.whole': 'A catalogue is applied completely or not at all; a single bad item is skipped and reported',
  'verification.bad-schemas-held-back':
    'A tool with a schema that clients can’t compile is served without it, and the verification says so',
  'rest.prefer-wait':
    'With Prefer: wait a change is answered when every live proxy serves it, so that the next call sees it',
  'gateway.off-not-listed':
    'Items of a gateway that can not be called are in no list, subscribers hear of it, and they come back with it',
  'server.off':
    'A virtual server that is switched off tells its callers so, ends no session, and serves again when it is on',
  'verification.hidden-text-reviewed':
    'A result whose texts hide characters from people is reported, and serves only once an administrator has applied it',
  'verification.says-why':
    'A failed verification says why no connection was made, how long to wait, and which address of the same server to register instead, signed by the connector',
  'slots.light':
    'A waiting slot holds its key and little more than a bare process; only the next to be used has loaded all',
  'slots.one-is-enough': 'Orders at once each get a slot, also where one waits ready: the next one is started for them',
  'slots.say-when': 'Who has reserved too many slots is told when the next one is free',
  'review.readable-before-applied':
    'What a verification has changed is readable with both definitions before any of it is applied, and what serves is counted apart',
  'review.item-by-item':
    'What waits for a review is applied or rejected item by item; a rejected definition is not asked about again until it changes',
  'cli.walkthrough':
    'The commands of the walk through lead from an upstream over a review, grants and a client to who called it, as they stand',
  'cli.curation':
    'What a virtual server serves, under which names and tags, is changed by one command, which tells misspelt names',
  'cli.reviews':
    'What waits for a review is shown, applied and rejected by commands, with hidden characters as escapes',
  'review.newest-only':
    'A review of a result is refused when a newer one has taken its place, or when it was read before a change',
  'review.instructions': 'Changed instructions of an upstream wait for a review like changed items',
  'review.history-bounded': 'The history of a gateway is bounded in number and age, and what serves is never deleted',
  'server.says-what-it-lost':
    'A virtual server says which of its items their upstreams no longer list; an item that returns has its old name',
  'curation.exactly':
    'Clients of both eras see exactly the items, names and descriptions that an administrator chose; what is switched off is for them, byte for byte, like what does not exist',
  'curation.survives-drift':
    'What was decided about an item stays through verifications, and is there again with an item that returns',
  'curation.tags':
    'Virtual servers follow the tags of gateways and items, and the verified annotations of tools where they are trusted, as soon as they change',
  'curation.tampered-tags': 'Tags that somebody else has written to PostgreSQL expose nothing',
  'curation.one-item':
    'Items of a virtual server are changed one by one, and changes of different items at the same time are all made',
  'curation.size':
    'A virtual server says how large its tools are for a model, whole or for a role, and warns when they are very long',
  'gateway.drift-suspected':
    'A gateway says when proxies saw that its items may have changed, and whether its upstream answers, without a credential',
  'gateway.pending': 'When a URL is changed, the verified configuration serves until the new one is verified',
  'eras.verified':
    'A verification finds every era that an upstream speaks, and what it lists in each; every session that it opens is ended',
  'eras.warned':
    'An era that fails or lists nothing is not served and named in a warning, and an empty catalogue says what was requested',
  'eras.conditional': 'Items that an upstream lists only for clients with certain capabilities are found and marked',
  'transport.sse': 'An upstream with the HTTP+SSE transport is verified like any other, at its own origin only',
  // Calls
  'path.embedded': 'Real upstreams of both eras are registered once and called by real clients, in one process',
  'path.separate': 'The same with three services and two proxies over PostgreSQL and NATS',
  'transport.sse-calls':
    'A call to an HTTP+SSE upstream has its own connection at its own origin, which is bounded and then closed',
  'passthrough.missing-credential-is-readable':
    'A tool result shows a model which header is missing, unless the virtual server is set to answer with an error',
  'passthrough.untouched':
    'Unknown members, _meta, annotations, icons and ui:// pass unchanged, and trace headers are forwarded',
  'access.jwt': "A virtual server for an issuer's tokens accepts callers with such a token and no others",
  'callers.refusal-says-why':
    'A caller that is not let in reads which mistake was made with the Authorization header, in the message and in WWW-Authenticate',
  'grants.listed-is-callable':
    'With grants, a caller’s lists show exactly what the caller may use, of every kind and in both eras',
  'grants.denied-is-unknown':
    'What grants do not allow a caller is for this caller, byte for byte, like what does not exist: in lists, calls, notifications and resumed streams',
  'grants.revoked-at-once':
    'A role or key that is taken away is gone on every replica within 2 s, also on open streams',
  'grants.tampered-changes-nothing':
    'Who can write to PostgreSQL or NATS gives nobody a role, a grant or a higher limit',
  'limits.exact': 'A limit lets exactly as many tool calls of a caller through as it says, at each worker of a proxy',
  'limits.told': 'Who makes too many calls is told which limit it is and when to try again, in both eras',
  'limits.released':
    'A call no longer counts as running when it is answered, when its client leaves and when its upstream fails',
  'limits.breaker':
    'After failures in a row a gateway is not called for a while, then by one call at a time; all others go on as before',
  'keys.rotated':
    'A key is replaced by one with the same rights; both work for as long as was asked for, and roles change for both',
  'keys.end-earlier':
    'A key’s expiry can be brought forward and never put off beyond the first one, by no API call and by nobody who can write to PostgreSQL',
  'keys.last-use': 'Administrators see when each key was used last and for what, and nobody else learns of it',
  'keys.found-by-id': 'A lost key is found by its public id; a whole key on a command line is refused and not repeated',
  'cli.keys': 'The lethe command lists, makes, shows, rotates, changes and revokes callers’ keys',
  'callers.guesses-wait':
    'Whoever guesses keys waits twice as long after each; a right key from the same address always passes',
  'callers.refused-are-counted':
    'Every refused caller and unknown virtual server is counted and in the log, grouped by address and reason',
  'calls.accounted-for':
    'The record of a call tells tool, client, caller, address and trace, and nothing of its arguments or result',
  'callers.servers-hidden': 'Without a valid key nobody finds out which virtual servers for keys exist',
  'callers.no-sign-in':
    'Clients that look for a sign-in are told that there is none and which header to set; nothing that they send there is logged',
  'passthrough.unexpanded':
    'A passthrough header that contains a variable, which the client did not replace, is refused and never goes upstream',
  'admin.roles':
    'Every operation of the admin API needs a role; an administrator with a lower one is refused, told which, and recorded',
  'admin.rotation':
    'A new token of an administrator works at once, the old one as long as was asked for, at most a week',
  'admin.last-one-stays': 'One administrator who may let others in again can not be deleted, demoted or made to expire',
  'admin.tampered-row': 'No change of a row in PostgreSQL makes anybody an administrator, or gives a higher role',
  'admin.oidc':
    'Administrators come with tokens of an OIDC issuer, with the role that a claim gives; no other token lets in',
  'admin.failures-wait':
    'Whoever guesses tokens waits twice as long after each; a valid token from the same address passes',
  'transfer.round-trip':
    'An export has every setting; imported into an empty registry with the same keys it serves the same, and its export is the same, byte for byte',
  'transfer.idempotent': 'The same document again changes nothing: no revision, no event, no audit entry',
  'transfer.all-or-nothing':
    'A document is applied completely or not at all, and all of its problems are named at once',
  'transfer.plan': 'A dry run shows what an import changes, and only that plan is carried out',
  'transfer.catalogue-proven':
    'A catalogue of a document serves only with its receipt and as a registry with the same keys exported it',
  'transfer.no-rollback': 'An old document does not bring back what a later verification has replaced',
  'transfer.yaml-safe':
    'A document with aliases, tags or keys that stand twice is refused, and nothing of it is repeated',
  'cli.transfer': 'Gateways and virtual servers are exported, compared with a file and made what it says by commands',
  'audit.complete': 'Every change has an entry in the audit log, in its own transaction: who, what, before and after',
  'audit.append-only': 'The database refuses to change or delete an entry of the audit log',
  'audit.tampering-visible':
    'An entry of the audit log that was removed, changed or moved is found, also at the end, and so is another chain',
  'operations.leaked-admin-token':
    'A leaked token of an administrator is refused and replaced by one command of the runbook',
  'cli.administrators':
    'The lethe command makes, lists, rotates and removes administrators, and reads and verifies the audit log',
  'audit.no-secret': 'The audit log has no token, key or credential, whichever field it was sent in',
  'admin.refusal-says-why': 'An administrator’s request without a good token is told which mistake was made with it',
  'session.fits': 'A virtual server whose sessions would not fit into one session token is not published',
  'methods.known': 'Every method and notification of the specification is in one table that says how it is routed',
  'errors.listed': 'Every error of Lethe is on one page, with its code, number, HTTP status, meaning and what to do',
  'listing.live':
    "A live list shows only items that the caller's own list also has; a list that can't be fetched is left out and named, with the reason",
  'listing.slow': 'A slow or dead upstream never delays the lists of the others',
  'passthrough.one-credential-one-upstream': 'A credential reaches the one upstream it is for, and no other',
  'chain.in-a-row':
    'Behind and before gateways of other makers, each caller reaches the upstream with their own credential',
  'chain.own-credential': 'Lethe behind Lethe behind Lethe: each upstream gets the credential of its caller alone',
  'chain.explicit': 'A header for a gateway further on is read from its full name alone, never from a similar one',
  'passthrough.own-token-stays': "The caller's own Authorization never goes upstream",
  'passthrough.missing-credential-is-named':
    'A call that lacks a credential says which header to send, in the message itself, whether Lethe or the upstream requires it',
  'session.any-replica': 'A legacy session works on any replica, request by request',
  'session.bound': 'A session token of another caller or virtual server is unknown',
  'session.begins-in-time':
    'A session begins within 5 s, however many of its gateways are slow; a session that began too late is ended',
  'session.lost-is-told':
    'A session that an upstream has forgotten ends for the client, in whatever way the upstream says so; an error of a call ends none',
  'session.ended-is-gone': 'A session that its client ended is unknown on every replica, and its streams end',
  'legacy.server-requests-on-any-replica':
    'A client can respond to a request of an upstream on any replica, and the response reaches that upstream',
  'legacy.streams-resume-anywhere':
    'A stream of a legacy client resumes where it was, on any replica, at every upstream in it',
  'legacy.responses-stay-apart': 'A response of one client never reaches another upstream or another session',
  'legacy.list-changed':
    'Open streams report that a virtual server changed, and resumed streams that it changed in between',
  'session.no-mix-up': 'With a thousand sessions at once and equal JSON-RPC ids, no response reaches another client',
  'call.cancelled': "A client's cancellation reaches the upstream, in the form of its era",
  'replicas.sealed':
    'Replicas hand answers and cancellations of clients to the one that runs the call; on the bus they are sealed',
  'call.cancelled-late': 'A cancellation that arrives after the end of its call costs no upstream request',
  'relay.verbatim': 'Responses of upstreams pass byte for byte: blobs, unusual numbers, unknown members',
  'relay.own-responses':
    'Only the response of its own upstream is the response to a call: another id, several messages, a request or garbage becomes an error',
  'relay.own-headers':
    "Of an upstream's response headers only the media type reaches the client, and no cache may store a response",
  'upstream.down-alone':
    'The error names an upstream that is slow, dies or is unreachable, and no other upstream waits for it',
  'upstream.says-when':
    "An upstream's 429 and 503 reach the client as such, with the time to wait, at most an hour: in the error and in Retry-After",
  'upstream.redirect-says-where':
    'A redirect within the same server says which address to register instead, and shows no secret',
  'upstream.unreachable-says-why':
    'The error about an unreachable upstream says why by a closed word: dns, refused, reset, tls, timeout, forbidden_address',
  'relay.as-tolerant-as-the-sdks':
    'What clients of the official SDKs accept of an upstream verifies and is called: content codings, a string id, a byte order mark; what they refuse does neither',
  'relay.bounded': 'An event or a translated response that is too long fails its call with a clear error, once',
  'relay.reserved-names': 'No upstream can send what only Lethe says, such as lethe/error',
  'streams.own-messages':
    'On every stream an upstream can tell a client only what is its own: progress of its calls, its requests, its resources, its lists, under its name',
  'streams.bounded':
    'A flood of notifications ends as a few, the last of them included, and calls to other upstreams go on as before',
  'streams.watched':
    'Streams that clients keep open are counted: how many, how long, why they ended, and nothing secret',
  'unsupported.said': 'Methods that are not supported are not advertised and get the error of the specification',
  'elicitation.names-the-gateway':
    'If several gateways can send elicitations, the message to the person begins with the name of the gateway, and names no other in the same way',
  'elicitation.safe-urls':
    'An upstream can ask a person to open https URLs only, in every form of such a request, and none at a private address that is not its own',
  'relay.streamed': 'Large responses are streamed, and never faster than the client reads',
  'lists.paged':
    'Lists are complete and in one order, on one page up to some MiB, and beyond that on pages that any replica continues',
  'lists.readable': 'A legacy client is not shown what it can refuse to read without need, and nothing else is changed',
  'lists.fresh': 'A client that listens to no changes sees them within seconds',
  'names.readable': 'A name in any script becomes a legal name that says something, within the limit of its server',
  'streams.first-byte':
    'Every stream has its first byte at once, and one comment in each interval in which nothing else keeps it open',
  'http.edges':
    'A slash at the end of an endpoint changes nothing, and a refused HTTP method names those that are served',
  'http.understood-as-sent':
    'Whatever bytes a client sends, an upstream gets what a strict reader finds in them, with its own credential, every call is answered or its connection says why, and none of it is an error in the log',
  'http.no-answer-lost':
    'A complete call is answered whatever follows it on its connection, and what is no request gets an answer that says so',
  'http.strict': 'Other versions of HTTP are refused, and a target that is a URL is for its own host',
  'http.headers-bounded':
    'A client can send the credentials of forty gateways; longer headers, and bodies that nobody reads, get an answer that the client can read before its connection ends',
  'http.unread-is-cut':
    'A client that reads nothing of what it asked for is cut after half a minute, and one that reads slowly never',
  'http.trusted-proxies':
    'The address of a caller is taken from X-Forwarded-For only if a trusted proxy sent it, and what a caller wrote into it does not count',
  'http.places-for-callers':
    'Connections without an identified caller give their places to those that come, so that strangers can’t keep callers out',
  'responses.complete':
    'A response that bypasses the response object is what node would have sent, in the right order, and its connection stays usable',
  'responses.without-fast-path':
    'With the fast HTTP path off, node’s own request and response serve everything, and clients get the same responses',
  'lists.gzipped': 'Clients that accept gzip get the same lists as others, in a tenth of the bytes',
  'names.reach-their-own':
    'Items whose names clash, or have 64 characters, get different legal names and reach their own upstream under their own name',
  'names.stable': 'An exposed name that was once given never means another item',
  'eras.relayed':
    'A client is relayed in its own era wherever the upstream speaks it, with sessions, logging and subscriptions; an item of one era is called in that era',
  'eras.conditional-listed':
    'Clients see a conditional item exactly if they declare what it needs, on any replica and in both eras',
  'eras.translated':
    'Clients of each era call upstreams of the other era, with no more upstream requests than the table says',
  'eras.sessions-kept':
    'Clients that begin with server/discover keep the session of an upstream that keeps sessions and speaks the legacy era alone',
  'eras.chosen': 'The administrator chooses for each virtual server which eras it serves: auto, both or legacy',
  'eras.counted':
    'For each pair of client era and upstream era, a call costs the upstream requests of the table and no more',
  'clients.as-recorded':
    'Clients that ask as Claude Code, Codex, Gemini CLI, opencode, Copilot, mcp-remote and the SDKs do connect in the right era, see all tools, keep their session, find a new one, and learn what is missing',
  'clients.show-what-is-missing':
    'What each of 27 clients shows when an upstream needs a header names header and gateway, whether it shows the message alone, all of an error, or a result; none takes it for a 401 of Lethe',
  'passthrough.rejected-by-http':
    'A virtual server may tell a missing or rejected credential by HTTP 401 or 403 with a challenge of its own, for clients that then ask a program for headers; clients of the SDKs end with a clear error',
  'errors.challenge':
    'An error about an upstream credential tells what the challenge asks for, checked and from closed lists, and resource and issuer of the signed manifest alone',
  'errors.named':
    'The message of an error about an upstream names the gateway and the header, repeats nothing of caller or upstream, and holds no HTTP status',
  'servers.header-budget':
    'Whoever composes a virtual server is told when its clients may have to send more headers than proxies or balancer accept',
  'servers.as-direct':
    'What a client sees of a real server, its state and its questions, differs through Lethe only as eras.md says; a call costs one request',
  'versions.per-hop': 'Each connection uses the version that was negotiated on it, for every client and every upstream',
  'headers.match-the-body':
    'A request is rejected if headers that repeat parts of it, its arguments included, differ from its body',
  'subscriptions.wait-for-nobody':
    'A subscription is acknowledged within 2 s, whatever its gateways do; one that comes later joins, and the client is told to list again',
  'subscriptions.merged':
    'A modern client subscribes once and gets notifications of every upstream that it sent a credential for, and of no other',
  'eras.input-required':
    'A legacy client is asked on the stream of its call what a modern upstream needs, and may answer on any replica',
  'eras.server-requests':
    'A request of a legacy upstream during a call reaches a modern client, and any replica returns the response; otherwise no capability is declared',
  // What upstreams say about themselves
  'instructions.passed':
    'The instructions of upstreams reach clients of each era, bounded, under the names of their gateways; those of the virtual server replace them',
  'identity.passed':
    'A virtual server with one gateway shows the title, description, website and icons of its upstream, as far as they are valid',
  'session.lack-is-explained':
    'A client is told when it begins which gateways it lacks, why, and which header is missing or rejected',
  // Scale (docs/operations/scaling.md)
  'scale.many-servers':
    'Resolving an item does not search through thousands of virtual servers, and what they share is stored once',
  'proxy.light': 'A bundle of the proxy holds no code of a framework for services or of a database',
  'scale.open-streams': 'The memory of one open stream is bounded',
  'scale.slow-reader':
    'If a client does not read, its upstream is stopped by backpressure, and nothing piles up in the proxy',
  'workers.one-service': 'The workers of one proxy share its port, its sessions, its health and its metrics',
  'workers.replaced': 'A worker that dies is replaced, the calls of the others continue, and no count is lost',
  'drain.nothing-lost':
    'A service that ends answers what it has begun: calls, admin requests and handshakes; streams end in order and go on at another replica',
  'faults.nothing-lost':
    'Whatever part is killed, stopped, cut off or wiped, every call that a proxy has taken is answered to its caller with its own credential, what a registry has accepted takes effect, and all works again soon after',
  'faults.forgotten-connections':
    'A connection to PostgreSQL that was forgotten on its way holds no lock for long: others are told after 5 s, and are served when PostgreSQL has ended it',
  'workers.end-in-order': 'One signal ends all workers gracefully: running calls are answered, and no process remains',
  'scale.registrations-at-once': 'Twenty registrations at once all end verified, and no call fails during them',
  // Credentials that are kept on purpose
  'kept.asked-for':
    'A credential is kept only where a setting allows it and an administrator asks for it, and never used by an open virtual server',
  'kept.ciphertext-only':
    'No memory, file, log, trace, dump or answer of any service has anything of a kept credential but a ciphertext; only the memory of proxies does',
  'kept.not-repeated': 'A response of an upstream that repeats the credential kept for it never reaches a caller',
  'kept.memory-guarded':
    'Core dumps of proxies have no memory, no signal opens an inspector in them, and no flag that shows memory is accepted with kept credentials',
  'kept.bound':
    'A kept credential opens for no other gateway, URL, mapping, certificate authority or revision, and not after its end',
  'kept.granted-only':
    'A kept credential is used only for callers and items that a grant names it for, and is never mixed with that of a caller',
  'kept.explained': 'Who may use a kept credential by the rule is who uses it, and what explanations say of it',
  'kept.sessions':
    'What was opened with a kept credential, such as a session or a stream, ends for callers who may not use the credential any more',
  'kept.receipt':
    'The deletion of a kept credential has a receipt that the registry signs, and says which proxies have dropped it',
  'kept.exported': 'A document says of which gateways a credential is kept, and its import which of them have none',
  'kept.told':
    'Lists, events, metrics and the doctor say what is kept, until when, by whom, and that an upstream rejects it',
  'kept.rejected': 'If an upstream rejects a kept credential, callers are told that it is for the administrators',
  'kept.oauth':
    'Proxies fetch the access token of kept OAuth client credentials themselves, once for all callers, and renew it without a failed call',
  'kept.ends':
    'A kept credential leaves the memory of proxies at its end, which is logged; what ends within 7 days is counted',
  'kept.limited':
    'Each caller has a limit for calls with a kept credential, unless the virtual server has other limits',
  'kept.replaced': 'A kept credential is replaced without a failed call, and so is the key that it is sealed to',
  'kept.forgotten':
    'A kept credential that is deleted is gone from database and bus, used by no proxy two seconds later and can not be reached there, and no older one comes back',
  'kept.taken-away':
    'Two seconds after a key, a grant or the use of a kept credential was taken away, no proxy uses it for these callers',
  'kept.opened-soon': 'A thousand kept credentials make the start of a proxy less than a second longer',
  'kept.alone':
    'A proxy that starts while registry, database and bus are down uses what was kept before, and nothing that was deleted',
  'kept.refusals-audited':
    'What proxies refuse of a kept credential, and rows that somebody else changed, have one entry in the audit log, whoever and how many see it, and can not fill it',
  // Tampering
  'tamper.database': 'A writer with full access to PostgreSQL alone receives no credential',
  'tamper.kept':
    'A kept credential that was moved to another gateway, URL, mapping or revision, or has ended, is sent nowhere',
  'tamper.bus': 'A writer with full access to NATS alone receives no credential',
  // People
  'cli.whole-path': 'The lethe command registers, verifies again, serves and lists; it never shows a credential',
  'cli.snippets-work':
    'With each combination of credential flags, the calls that lethe prints work at once, and name the header that one lacks',
  'cli.takes-back':
    'lethe add asks before it registers, and takes its registration back when the verification does not succeed',
  'cli.says-what-exists':
    'lethe add and lethe serve make nothing a second time, and say what is there and how to go on',
  'registry.slug-once':
    'A slug that callers may have used is given again only to the same URL; that of a gateway that was never verified is free again',
  'registry.document':
    'The OpenAPI document describes every operation with its limits, errors and headers, and the admin API answers nothing else',
  'registry.retries':
    'A request with an Idempotency-Key is done once and answered the same again, its key stored as a digest; a secret is not repeated',
  'registry.read-modify-write':
    'What was read of a gateway, a virtual server, a key or an administrator can be sent back with a change; a changed member that Lethe sets is named',
  'registry.every-operation':
    'Every operation of the admin API answers each error that its document has, to each role and each kind of wrong request, and repeats nothing',
  'registry.two-administrators':
    'Changes of several administrators at several registries at the same time are all kept, or all but one refused by If-Match',
  'registry.conditional':
    'Reads have an ETag and answer 304 for it; a change that changes nothing keeps it, and what was read can be sent back',
  'registry.search':
    'Words of names, titles and descriptions, or beginnings of words, find items in all catalogues, and say which virtual servers expose them',
  'registry.lists':
    'Lists are filtered and sorted; their cursors neither skip nor repeat what was there before, whatever is added meanwhile',
  'registry.cursors': 'A cursor with any content is answered, and never makes the registry fail',
  'registry.events':
    'Changes and the progress of verifications are streamed as events; who connects again misses none of them',
  'registry.events-end':
    'Streams of events end within 2 s when their administrator is revoked, and at once when the registry ends; what a client does not read costs bounded memory, and is cut',
  'registry.in-use': 'A gateway that virtual servers have is deleted only by force',
  'verification.required-or-rejected':
    'A verification tells an upstream that asks for a credential from one that rejects it, with the scheme that it asks for',
  'cli.token-goes-home':
    "The administrator's token of a data directory goes to the registry that runs with it and nowhere else: no other URL, redirect or proxy",
  'cli.says-what-is-wrong':
    'The lethe command names every broken rule of a command line at once, and never repeats what was typed',
  'cli.trust-files': 'When trust keys are made or rotated, the command says which files go to which service',
  'cli.calls':
    'lethe call calls a tool as an MCP client does, with the key and credentials of the environment, and shows none of them',
  'cli.documented': 'Every command and flag of lethe is in the docs, as the program has it',
  'cli.kept':
    'lethe keep seals for the URL that it shows and the key that is pinned, and says until when; lethe forget ends it',
  'cli.kept-steps':
    'Commands say which step to a kept credential is missing: its kind, proxies that use none, a grant, the use by a server',
  'cli.doctor': 'lethe doctor names what does not work, in the order in which parts need each other, and what to do',
  'connect.no-secret':
    'The configuration of each client contains references or prompts in the place of secrets, in the notation that it expands',
  'connect.bridge':
    'Each client that starts programs has a configuration for lethe bridge, without a token; it is offered where people sign in',
  'explain.tells':
    'An explanation names the headers that a call needs, where each goes, and every reason why it would be refused',
  'proxy.tells-upstreams':
    'Callers that a virtual server admits, and no others, learn which gateways it has and which headers each needs',
  'proxy.tells-oauth':
    'Callers that can send a token for an upstream learn from the signed manifest how to get one, and its URL only where a proof of possession names it',
  'probe.tells':
    'A probe tells what answers at a URL and how it is authorized, without a credential, and stores nothing',
  'probe.guarded':
    'A probe goes only where a gateway may be registered, follows no redirect, and is bounded in time, size and rate',
  'cli.closed-pipe': 'A reader that closes the pipe ends no command early and changes no exit code',
  // The person's own logins
  'oauth.facts-without-a-credential':
    'A verification finds out how callers get tokens for the upstream, and no request for that has a credential',
  'oauth.facts-confirmed':
    'Only metadata of the upstream itself count, and only authorization servers that confirm their issuer; otherwise the reason is told',
  'oauth.facts-reviewed':
    'A changed resource or authorization server of an upstream always waits for a review, and both are shown',
  'gateway.login-client':
    'A gateway may name the public client by which people log in; without a verification, and with no place for a secret',
  'login.own-machine':
    'lethe login gets a token of an upstream by OAuth on the person’s machine; it goes to that upstream alone, and a refresh token only to its authorization server',
  'login.registration':
    'A login uses a client metadata document, dynamic registration, or a given client with or without a secret, which is in no argument',
  'login.pinned':
    'A login stops and shows both when the upstream has another authorization server, resource or origin than at the first login',
  'login.checks':
    'A login uses no answer of another issuer or state, no metadata of another resource, no server without PKCE, no endpoint without https and no issuer that could be read as another; a client secret goes only to the server that the person named',
  'login.conformance':
    'Logins pass every authorization scenario that the official suite requires of clients, in both eras',
  'login.step-up': 'A login with more scopes asks for all scopes that earlier ones had',
  'login.device': 'A login works without a browser here, by a code on another device or a URL that is pasted back',
  'login.logout': 'lethe logout revokes the tokens, and says so when it could not',
  'login.store':
    'Logins are in one encrypted file that only the person may read, its key in the keychain; a damaged file or a missing key is never overwritten',
  'login.keychain': 'A keychain that is absent, locked or slow is named within seconds, and nothing is lost',
  'login.memory': 'With --store memory, tokens are in no file',
  'login.ctrl-c':
    'Ctrl-C ends a login at any step and keeps nothing of it; a refresh is finished, because its tokens would be lost',
  'login.one-refresher':
    'Any number of processes of a person share one login; a rotated refresh token is never used twice, and writers at the same time lose nothing',
  'login.verified':
    'A login uses the resource, issuer and public client that Lethe has verified, and stops and shows both where the upstream names others, whatever is pinned',
  'login.document':
    'A proxy with a public https URL serves a client metadata document, by which lethe login needs no registration; it registers where a server does not take that',
  'login.registration-credential':
    'lethe add --oauth and lethe verify --oauth verify with the token of a login that is in no file and revoked after it; the connector and this machine have to be told the same authorization server',
  'bridge.own-tokens':
    'lethe bridge calls each upstream of a virtual server with the person’s own token for it, and no other upstream sees that; the client has none of them',
  'bridge.refresh':
    'A bridge sends a token that is refreshed before its end, whatever number of clients has started one',
  'bridge.rejected':
    'Where an upstream rejects a token, the bridge refreshes it and repeats the call once; the client sees only the result',
  'bridge.not-logged-in':
    'Without a login, a tool result says which command to run; after it, the same client can call',
  'bridge.asks':
    'A client that shows URLs is asked to let the person sign in, in both eras, and then gets the result of its call',
  'bridge.step-up':
    'Where an upstream wants more scopes, the bridge has the person sign in for all of them, or says what to run, and repeats the call once; each time the person decides',
  'bridge.eras':
    'A bridge speaks the era of its client: sessions, streams, questions of upstreams, progress and cancellation work as without it',
  'bridge.sessions':
    'A bridge begins a legacy session anew when it is unknown to Lethe, and repeats the call that was refused for that',
  'bridge.streams-go-on':
    'A bridge listens again after a cut and tells what was missed, gets the rest of a call where Lethe names the place, and repeats no other call',
  'bridge.asked': 'Upstreams ask for samples, roots and forms through a bridge, in both eras',
  'bridge.restarts':
    'A bridge outlives restarts of Lethe: a call meanwhile ends in a clear error, and one after it in its result',
  'bridge.streams': 'A bridge carries many calls at once, and long results without keeping them',
  'bridge.process':
    'A bridge writes nothing but messages to standard output, and ends with its client, its input, or Ctrl-C',
  'bridge.clients': 'MCP Inspector and the clients of both SDKs start a bridge as they start any program',
  'bridge.listens':
    'A bridge that listens does so on loopback alone, for clients that know its secret, and for no web page',
  'bridge.variables':
    'Where a gateway takes a credential that no login gives, the bridge says which variable it lacks, not which header',
  'bridge.light':
    'The packed lethe bridge loads only what every bridge needs, and works without optional packages, of which lethe login says that the one for the keychain is missing',
  'bridge.conformance':
    'A bridge and Lethe together pass every authorization scenario that the official suite requires of clients, in both eras, and those of DPoP and client credentials',
  'bridge.credential': 'A bridge takes the credential of a gateway from a variable that is named, without any login',
  'dpop.once':
    'A proof of possession goes to the upstream that it was sent for, byte for byte and once; without one left, nothing is sent',
  'dpop.bridge':
    'A bridge signs proofs for upstreams that want tokens bound to a key, with the nonces that they ask for, in every pair of eras',
  'dpop.token-alone':
    'A token that is bound to a key, read from the requests of a proxy together with their proofs, is worth nothing',
  'dpop.used-up': 'A list with more pages than there are proofs leaves the gateway out, and says so',
  'dpop.streams':
    'A stream that has no proof left to be opened again ends, so that its client opens another one with new ones',
  'dpop.key-stays':
    'The key of a bound token stays with the logins, encrypted; no other program gets such a token, and one that is not bound is not taken for it',
  'login.own-user':
    'Logins of a person are in a folder and behind a socket that no other user can reach; root makes none in the home of somebody',
  'login.clock':
    'A clock that is wrong, jumps or stands still while the machine sleeps costs a refresh at most, and no login',
  'login.leaves-nothing':
    'Of a person’s logins, access tokens are in the memory of proxies during calls; no refresh token, code, PKCE verifier or client secret is anywhere in Lethe, and nothing of it in the client',
  'login.alive':
    'A token that is still valid is used, whatever becomes of its refresh; none is refreshed that could not be kept',
  // Cost
  'bench.guarded': 'CI fails if the cost of a call, against the bare relay, increases by more than a quarter',
  'bench.weight-guarded':
    'CI fails if memory or the CPU time of a start, against a bare Node.js process or the bare relay, increases by more than a quarter',
  // Reading the code
  'docs.request-flow':
    'A page lists the files that a call passes, at most 29, and no room is entered from above more than twice',
  // Starting
  'start.any-order':
    'Services, NATS and PostgreSQL start in any order, however late: all services are ready soon after the last one, ask for what is missing until then, and do not hurry',
  'start.wrong-database-setting':
    'A start does not wait where PostgreSQL refuses the login, TLS or the database: it ends, and one line says which',
  'start.first-database':
    'The first start of an embedded Lethe takes the database that the build has made, with the same schema as without it; a crash meanwhile leaves no half of one',
  'start.says-where': 'A start prints in one line where everything is',
  'start.says-where-it-listens': 'Each service logs the address it is bound to, also if that is every address',
  'settings.all-at-once':
    'A start with wrong settings names all of them at once, and settings with misspelt names are reported',
  'start.says-why-not':
    'A start that fails names the setting or directory that is the reason, and disturbs no running process',
  // Upgrades
  'upgrade.migrations-safe': 'A migration changes nothing that the version before it needs while both run',
  'upgrade.one-migrator': 'Registries that start at the same time migrate the database once',
  'upgrade.newer-schema':
    'A registry runs on a database that a newer version has migrated, or says which version is needed',
  'upgrade.contracts-compatible':
    'Messages, published state, files and sealed formats of the last release are read, and what is written is readable for it',
  'upgrade.rest-compatible': 'The admin API keeps every path, parameter and member of the last release',
  'upgrade.side-by-side':
    'Services of the last release are replaced one by one, and back, without a failed call, a lost verification or a lost session',
  'upgrade.embedded': 'A data directory of the last release is used by this version, and by the last release again',
  'upgrade.commands-tried': 'The commands of the pages on upgrade, backup and runbooks are run by tests',
  'backup.restored':
    'A backup restores gateways, virtual servers and callers’ keys, contains no credential, and the pages say what it lacks',
  'operations.runbooks': 'Each alert links to the section of the runbooks that says what to do',
  // Deployment
  'deployment.clean-clone': "The README's first command works from a clean clone, with the usual ports taken by others",
  'deployment.packages':
    'The packed command and services start, add, serve and call from an empty folder, without what only development needs',
  'deployment.bundled':
    'Services and command run from dist with only the packages that can not be bundled; compiled code of another build is ignored',
  'deployment.compose': "The services start with the compose file's environment and NATS configuration",
  'deployment.balancer':
    'The balancer of the compose file finds a replica that moved, sends nothing twice that was sent, and logs no header',
  'deployment.backup': 'A dump of the database takes the place of the oldest one only if it was made and can be read',
  'deployment.compose-edges':
    'With compose, each service reaches only those that it needs; logs and memory have limits, and calls have time to finish',
  'deployment.kubernetes': "The services start with the commands, variables and files of the Helm chart's objects",
  'deployment.kubernetes-keys':
    'In Kubernetes the trust keys are made once, in a Secret for each service, and never overwritten',
  'deployment.kubernetes-hardened':
    'No pod of the Helm chart has privileges or a writable root, and each may reach, and be reached by, what it needs and nothing else',
  'deployment.kubernetes-valid':
    'A Kubernetes API server accepts every object of the Helm chart, unknown fields refused',
  'deployment.least-privilege': "Each service's NATS user may use the subjects that are its own and no others",
  // Operating it
  'operations.ready-with-its-parts':
    'A registry is not ready without its database or its bus, a connector not without its bus; a proxy is without both',
  'operations.parts-down':
    'When a part is down, what ARCHITECTURE.md says goes on, and everything works within seconds of its return',
  'operations.nats-replicas':
    'The stream and the buckets have as many copies in a NATS cluster as is set, also when the setting changes; too few servers, too little storage or a missing permission are said and stop nothing',
  'operations.versions-checked':
    'A PostgreSQL that is too old is refused at the start, and an old NATS server is named',
  'traces.one-trace':
    'A sampled call is one trace from the client through Lethe to the upstream, in each era and between them',
  'traces.sampled': 'A call that is not sampled is forwarded as it came, byte for byte',
  'traces.no-values':
    'Traces contain no argument, result, session id, credential or header value, and no name that is not published',
  'traces.never-wait':
    'A collector that is slow, full or gone costs no call; what can not be sent is dropped and counted',
  'traces.known-callers': 'A request whose caller is refused makes no span: nobody without a key can fill the queue',
  'traces.off': 'Without settings of traces nothing of them is loaded, and the settings’ credential is in no log',
  'traces.verification': 'A verification is one trace from the admin request to the end of the handshake',
  'activity.counted-once': 'However many registries hear what a proxy tells of calls, each call is counted once',
  'activity.complete': 'Registries count each call by virtual server, gateway, method, outcome and limit',
  'activity.no-values':
    'What proxies tell registries of calls has no argument, result or header value, and no name that is not published',
  'activity.bounded': 'Whatever proxies tell of calls, what registries keep of it is bounded in rows and time',
  'activity.idle': 'While there are no calls, activity writes nothing to the database',
  'operations.metrics-documented': 'Every metric of every service is documented with its labels, and no other one is',
  'operations.dashboards-exist':
    'Each metric and label in the dashboard and in the alert rules is one that a service has',
  'console.light': 'The first screen of the console is there after at most 300 kB, compressed',
  'console.large':
    'With 1,000 gateways, 100,000 tools and 1,000 virtual servers the console has in its document what is in sight alone, and typing is never stopped',
  'demo.keeps-apart': 'The demo has a data directory and ports of its own, and leaves a running Lethe as it is',
  'demo.finds-nothing': "The demo's search finds its control and no piece of the registration token",
  // The console, as the registry serves it
  'console.served':
    'The console is served with its views, takes no other path, and answers HEAD, conditional requests and other methods as the API does',
  'console.policy':
    'A browser lets the console run its own files alone, and connect to its registry, the proxies and the token endpoint',
  'console.off': 'Of a console that is switched off nothing is served',
  'console.sign-in':
    'The console is told how administrators sign in at their issuer, before they have, and starts without that issuer',
  'console.sign-in-at-issuer':
    'An administrator signs in at the issuer by code and PKCE; the token is in no storage, and an answer to another sign-in is not used',
  'console.calls': 'The console calls virtual servers of both eras from its page, and no other page may',
  'console.composer-preview':
    'What the composer of a virtual server expects is what the registry publishes: the same items, names and clashes',
  'console.composer':
    'A virtual server is composed in the console: a client sees exactly that, it can be undone, and no change of another administrator is lost',
  'console.audit':
    'The console says whether the audit log is whole, shows each change before and after, and hands the log over without the token in an address',
  'console.administrators':
    'The console shows a token of an administrator once, merges changes of two administrators by hand, and says that the last one stays',
  'console.import': 'An import in the console carries out the plan that was shown, and no other',
  'console.palette': 'Each screen, gateway, virtual server and key is reached by its name with the keyboard alone',
  'console.settings': 'Administrators read the settings of their registry, and no secret of them is shown',
  'console.edit-merged-by-hand':
    'What two administrators have changed at once is shown field by field in the console and merged by hand; nothing is overwritten',
  'console.review-in-page': 'What an upstream changed is shown side by side, and applied or rejected part by part',
  'console.review-decided-once':
    'A review that somebody else has decided, or a newer verification has replaced, is not carried out',
  'console.receipt-checked-in-page':
    'A receipt is checked in the page: its signature, its verification and its outcome; one that was changed is not believed',
  'console.viewer-changes-nothing':
    'A viewer sees the screens of the console, and nothing in them that changes anything',
  'console.keyboard': 'What is done in the console is done by keyboard alone, too',
  'console.accessible': 'Axe finds nothing serious in the screens of the console, wide and narrow, light and dark',
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
