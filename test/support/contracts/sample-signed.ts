import {
  type CallerEntry,
  type HandshakeReplyClaims,
  inputSubject,
  type JsonObject,
  type KeptDeletionClaims,
  type KeptEntry,
  type KeptOfferClaims,
  type ProbeOrder,
  type ProbeReport,
  type ServerManifest,
  type SlotOfferClaims,
  type VerificationOrder,
} from '@lethe/contracts';
import { callerKeyMac, type ClaimKind, sealCredential, type SealPurpose, targetDigest } from '@lethe/sealing';
import { AT, FACTS, GATEWAY, ORDER, RECEIPT, VID } from './sample-facts.js';
import { goldenKeptKey, goldenSlotKey, goldenTrust } from './golden-trust.js';

/** Signed claims, by their kind. */
export type SignedSamples = Record<string, { claims: object; jws: string }>;
/** Sealed claims: what they are bound to, and the token. */
export type SealedSamples = Record<string, { purpose: SealPurpose; aad: string; claims: JsonObject; token: string }>;

const SIGNED_AT = new Date(AT);
const EXP = Math.floor(SIGNED_AT.getTime() / 1_000) + 60;
const SLOT = { vid: VID, slot: 'a-slot' };
const CALLER_SECRET = 'golden-secret-of-a-caller';

const PROBE_REPORT: ProbeReport = {
  ...{ url: ORDER.url, outcome: 'credential_required', why: 'tls', httpStatus: 401, transport: 'streamable-http' },
  ...{ eras: [{ era: 'legacy', protocolVersions: ['2025-11-25'], sessionful: true }], serverName: 'golden' },
  challenge: { schemes: ['Bearer'], realm: 'golden', scope: 'read', resourceMetadata: `${ORDER.url}/metadata` },
  tls: { protocol: 'TLSv1.3', issuer: 'Golden CA', expiresAt: AT },
  ...{ redirectsTo: 'https://other.example.com', registerUrl: ORDER.url },
  authorization: {
    ...{ resourceMetadata: `${ORDER.url}/metadata`, resource: ORDER.url, scopes: ['read'] },
    servers: [
      {
        ...{ issuer: 'https://as.example.com', isConfirmed: true, tokenEndpoint: 'https://as.example.com/token' },
        ...{ authorizationEndpoint: 'https://as.example.com/authorize', pkce: ['S256'], scopes: ['read'] },
        ...{ registrationEndpoint: 'https://as.example.com/register', grantTypes: ['authorization_code'] },
      },
    ],
  },
  ...{ requests: 5, durationMs: 120 },
};

async function claimsByKind(): Promise<Record<ClaimKind, object>> {
  const trust = goldenTrust();
  const { kid, publicJwk } = await goldenSlotKey();
  const receipt = await trust.connectorSigner().sign('receipt', RECEIPT, SIGNED_AT);
  const scope = { keyId: '0123456789abcdef', servers: [VID], exp: EXP };
  return {
    order: {
      ...ORDER,
      administrator: 'an-admin',
      credential: 'sealed',
      tlsCa: 'PEM',
      exp: EXP,
    } satisfies VerificationOrder,
    slotOffer: {
      ...{ ...SLOT, connector: 'a-connector', kid, jwk: publicJwk, aud: ORDER.url, gatewayId: GATEWAY, exp: EXP },
      doorUrl: 'http://127.0.0.1:4600/a-slot',
    } satisfies SlotOfferClaims,
    handshakeReply: {
      ...{ ...SLOT, status: 'refused', code: 'envelope_invalid', iat: EXP - 60 },
    } satisfies HandshakeReplyClaims,
    receipt: RECEIPT,
    probeOrder: { url: ORDER.url, transport: 'auto', exp: EXP } satisfies ProbeOrder,
    probeReport: PROBE_REPORT,
    manifest: manifestOf(receipt),
    caller: {
      ...{
        ...scope,
        mac: callerKeyMac(trust.rowsMac(), { ...scope, secret: CALLER_SECRET }),
        revoked: false,
        revision: 8,
      },
    } satisfies CallerEntry,
    keptOffer: keptOffer(),
    kept: { gatewayId: GATEWAY, keptRevision: 4, sealed: 'a.b.c.d.e', revision: 9 } satisfies KeptEntry,
    keptDeletion: {
      ...{ gatewayId: GATEWAY, keptRevision: 5, by: { kind: 'administrator', id: VID, name: 'A' }, at: AT },
    } satisfies KeptDeletionClaims,
  };
}

function keptOffer(): KeptOfferClaims {
  const { kid, publicJwk: jwk } = goldenKeptKey();
  const { url, mappings, configRevision } = ORDER;
  const target = { gatewayId: GATEWAY, url, digest: targetDigest({ mappings, tlsCa: 'PEM' }), configRevision };
  return { ...target, keptRevision: 4, kid, jwk, exp: EXP };
}

function manifestOf(receipt: string): ServerManifest {
  const { gatewayId: id, slug, url, mappings, configRevision } = ORDER;
  return {
    ...{ id: VID, slug: 'golden-server', revision: 7, state: 'live', name: 'Golden', description: 'A server' },
    ...{ instructions: 'Be kind.', access: 'key', enabled: true, missingCredential: 'error', eras: 'both' },
    ...{ credentials: { [slug]: 'callers-then-kept' }, shortForm: { Authorization: slug }, names: ['b'.repeat(64)] },
    gateways: [
      {
        ...{ id, slug, name: 'Golden', url, mappings, configRevision, facts: FACTS, enabled: true },
        ...{ listing: 'catalogue', receipt, blocks: ['a'.repeat(64)], tlsCa: 'PEM', credential: 'kept' },
      },
    ],
  };
}

/** Claims of each kind, signed with the golden keys. */
export async function signedSamples(): Promise<SignedSamples> {
  const trust = goldenTrust();
  const claims = Object.entries(await claimsByKind());
  const signed = claims.map(async ([kind, each]) => [kind, { claims: each, jws: await signAs(trust, kind, each) }]);
  return Object.fromEntries(await Promise.all(signed));
}

/** Signs as the role does that may sign this kind. */
export function signAs(trust: ReturnType<typeof goldenTrust>, kind: string, claims: object): Promise<string> {
  const isOfConnector = ['slotOffer', 'handshakeReply', 'receipt', 'probeReport'].includes(kind);
  const signer = isOfConnector ? trust.connectorSigner() : trust.registrySigner();
  // The golden file has claims of every kind as plain JSON.
  return signer.sign(kind as ClaimKind, claims, SIGNED_AT);
}

const IN_SESSION = JSON.stringify([VID, 'key:0123456789abcdef', 'the-session-token']);

interface SealedSample {
  purpose: SealPurpose;
  name: string;
  aad: string;
  claims: JsonObject;
}

const SEALED: SealedSample[] = [
  {
    ...{ purpose: 'session', name: 'token', aad: JSON.stringify([VID, 'key:0123456789abcdef']) },
    claims: {
      ...{ v: 1, iat: EXP - 60, exp: EXP, protocolVersion: '2025-11-25', clientInfo: { name: 'c', version: '1' } },
      ...{ clientCapabilities: { roots: {} }, upstream: { golden: ['session-1', '2025-11-25', 2] } },
    },
  },
  ...sealedIn('request-id', 'request', { g: 'golden', i: 7, s: ['session-1', '2025-11-25'] }),
  ...sealedIn('request-id', 'progress', { g: 'golden', t: 'token' }),
  ...sealedIn('request-id', 'held', { r: 'a-replica', i: 'an-id' }),
  ...sealedIn('event-id', 'call', { g: 'golden', e: 'event-1', i: 7, p: 'token' }),
  ...sealedIn('event-id', 'session', { r: 7, a: { golden: 'event-1' } }),
  { purpose: 'cursor', name: 'list', aad: VID, claims: { k: 'tool', a: 'echo' } },
  { purpose: 'replica-message', name: 'input', aad: inputSubject('a-replica'), claims: { i: 'an-id', m: '{}' } },
];

function sealedIn(purpose: SealPurpose, name: string, claims: JsonObject): SealedSample[] {
  return [{ purpose, name, aad: IN_SESSION, claims }];
}

/** Claims of each purpose, sealed with the golden ring. */
export function sealedSamples(): SealedSamples {
  const ring = goldenTrust().sessionRing();
  return Object.fromEntries(
    SEALED.map(({ purpose, name, aad, claims }) => [
      `${purpose} ${name}`,
      { purpose, aad, claims, token: ring.sealer(purpose).seal(claims, aad) },
    ]),
  );
}

/** A sealed credential, and the offer that it was sealed for. */
export async function sealedCredentialSample() {
  const { kid, publicJwk: jwk } = await goldenSlotKey();
  const offer = {
    ...{ ...SLOT, connector: 'a-connector', kid, jwk, aud: ORDER.url, gatewayId: GATEWAY, exp: EXP },
  } satisfies SlotOfferClaims;
  const credential = { scheme: 'bearer', token: 'golden-token', headers: [{ name: 'X-Team', value: 'a', secret: false }] } as const; // prettier-ignore
  const sealed = await sealCredential(offer, { ...credential, headers: [...credential.headers] });
  return { offer, credential, sealed };
}

/** The caller of the sealed session, its virtual server, and a time at which the session is valid. */
export function callerOfSample() {
  const entry: CallerEntry = {
    keyId: '0123456789abcdef',
    mac: '',
    servers: '*',
    exp: null,
    revoked: false,
    revision: 1,
  };
  return { server: VID, entry, atSeconds: EXP - 30 };
}

/** What the protected header of a JWE says, without what is new each time. */
export function protectedHeader(jwe: string): object {
  const header: { epk?: object } = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString());
  return { ...header, epk: Object.keys(header.epk ?? {}) };
}
