import {
  CallCancelled,
  CallsSeen,
  CancelVerification,
  CancelVerificationReply,
  CataloguePart,
  ConnectorAnnounced,
  DeadLetter,
  DeliverInput,
  DeliverInputReply,
  FetchRoutes,
  FetchRoutesReply,
  GatewayVerificationFailed,
  GatewayVerified,
  GatewaysSeen,
  KeptCredentialRefused,
  KeysUsed,
  OpenCredential,
  OpenCredentialReply,
  type PayloadClass,
  ProbeUpstream,
  ProbeUpstreamReply,
  ReserveSlot,
  ReserveSlotReply,
  RoutesApplied,
  RoutesDigest,
  SessionEnded,
  SUBJECTS,
} from '@lethe/contracts';
import { AT, COUNTS, FACTS, GATEWAY, ITEMS, SKIPPED, VID, WARNINGS } from './sample-facts.js';

/** One message with all its members, and with those only that it needs. */
export interface SampleMessage {
  full: object;
  minimal: object;
}

const JWS = 'eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2lnbmF0dXJl';
const JWE = 'eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVydGV4dA.dGFn';
const SEALED = { sealed: 'v1.golden.c2VhbGVk' };
const ATTEMPT = { vid: VID, gatewayId: GATEWAY, configRevision: 2, attempt: 3 };
const DIGEST = { servers: 1, serversHash: 'b'.repeat(64), callers: 2, callersHash: 'c'.repeat(64) };
const SEEN = { server: 'demo', gateway: 'golden', method: 'tools/call', outcome: 'rate_limited', limit: 'tools' };
const ENDED = { receipt: JWS, startedAt: AT, finishedAt: AT, requests: 7 };

const VERIFIED: GatewayVerified = {
  ...{ ...ATTEMPT, ...ENDED, parts: 0, items: ITEMS, facts: FACTS, counts: COUNTS, skipped: SKIPPED },
  ...{ warnings: WARNINGS, authorizationProblem: 'timeout', digest: 'a'.repeat(64) },
};
const { warnings: _warnings, items: _items, authorizationProblem: _why, ...VERIFIED_WITHOUT } = VERIFIED;

const FAILED: GatewayVerificationFailed = { ...ATTEMPT, ...ENDED, code: 'upstream_http_error' };
const FAILED_WITH_ALL: GatewayVerificationFailed = {
  ...{ ...FAILED, httpStatus: 503, scheme: 'bearer', why: 'dns', retryAfterSeconds: 30 },
  ...{ registerUrl: 'https://mcp.example.com/mcp', pointer: '/items/0/description' },
};

function sample<T extends object>(type: PayloadClass<T>, full: T, minimal: Partial<T> = full): [string, SampleMessage] {
  return [type.name, { full, minimal }];
}

/** A message of each kind, by the name of its class. */
export const SAMPLE_MESSAGES: Record<string, SampleMessage> = Object.fromEntries([
  sample(ReserveSlot, { order: JWS }),
  sample(
    ReserveSlotReply,
    { status: 'no_slot', reason: 'administrator_limit', retryAfterSeconds: 5, offer: JWS },
    { status: 'lent' },
  ),
  sample(OpenCredential, { vid: VID, sealed: JWE }),
  sample(OpenCredentialReply, { reply: JWS }),
  sample(CancelVerification, { vid: VID, slot: 'a'.repeat(32) }),
  sample(CancelVerificationReply, { status: 'cancelled' }),
  sample(ProbeUpstream, { order: JWS }),
  sample(ProbeUpstreamReply, { status: 'answered', report: JWS }, { status: 'busy' }),
  sample(CataloguePart, { vid: VID, gatewayId: GATEWAY, n: 0, of: 1, items: ITEMS }),
  sample(GatewayVerified, VERIFIED, VERIFIED_WITHOUT),
  sample(GatewayVerificationFailed, FAILED_WITH_ALL, FAILED),
  sample(DeadLetter, { subject: SUBJECTS.gatewayVerified, consumer: 'registry-catalogue', id: VID, at: AT }),
  sample(RoutesDigest, { ...DIGEST, kept: 3, keptHash: 'd'.repeat(64) }, DIGEST),
  sample(FetchRoutes, { bucket: 'lethe-servers', keys: ['a'.repeat(64)], cursor: 'demo' }, { bucket: 'lethe-callers' }),
  sample(FetchRoutesReply, { entries: [['demo', JWS]], nextCursor: 'demo' }, { entries: [] }),
  sample(
    RoutesApplied,
    { proxy: VID, applied: ['lethe-servers demo 7'], confirmedRevision: 7, isLeaving: true, opensKept: true },
    { proxy: VID, applied: [] },
  ),
  sample(
    KeysUsed,
    { keyIds: ['0123456789abcdef'], serverIds: [VID], at: AT },
    { keyIds: ['0123456789abcdef'], at: AT },
  ),
  sample(
    GatewaysSeen,
    {
      answered: ['golden'],
      failed: ['other'],
      listChanged: ['golden'],
      unknownItem: ['golden'],
      keptRejected: ['golden 4'],
    },
    { answered: [], failed: [], listChanged: [], unknownItem: [] },
  ),
  sample(
    CallsSeen,
    {
      ...{ proxy: 'a-host/0a', number: 7 },
      counts: [{ ...SEEN, calls: 3, seconds: 0.25 }],
      streams: [{ kind: 'session', open: 2 }],
      calls: [
        { ...SEEN, ageMs: 120, caller: 'key:0123456789abcdef', item: 'echo', client: 'a-client', durationMs: 4.5 },
      ],
    },
    { proxy: 'a-host/0a', number: 1, counts: [], streams: [], calls: [] },
  ),
  sample(KeptCredentialRefused, {
    gatewayId: GATEWAY,
    keptRevision: 2,
    code: 'kept_unbound',
    at: AT,
    proxy: 'a-host/0a',
  }),
  sample(ConnectorAnnounced, {
    ...{ connector: 'a-connector', kid: 'abcdefghijklmnop', fingerprint: 'f'.repeat(43) },
    ...{ freeSlots: 2, lentSlots: 1, at: AT },
  }),
  sample(SessionEnded, { digest: `${'d'.repeat(43)}=` }),
  sample(DeliverInput, SEALED),
  sample(DeliverInputReply, { status: 'accepted' }),
  sample(CallCancelled, SEALED),
]);
