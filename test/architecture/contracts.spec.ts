import { BUCKETS, type PayloadClass } from '@lethe/contracts';
import { validPayload } from '@lethe/messaging';
import { openCredential } from '@lethe/sealing';
import { beforeAll, describe, expect, it } from 'vitest';
import { Caller } from '../../apps/proxy/src/auth/authenticator.js';
import { ManifestVerifier } from '../../apps/proxy/src/routes/snapshot/manifest-verifier.js';
import { isStoredEntry } from '../../apps/proxy/src/routes/snapshot/stored-routes.js';
import { SealedIds } from '../../apps/proxy/src/server-requests/sealed-ids.js';
import { Session } from '../../apps/proxy/src/sessions/sessions.js';
import { openSession } from '../../apps/proxy/src/sessions/session-token.js';
import { verifies } from '../requirements.js';
import { unreadable } from '../support/contracts/can-read.js';
import { changedConstants, contractConstants, MESSAGE_CLASSES } from '../support/contracts/constants.js';
import { contractShapes } from '../support/contracts/contract-types.js';
import { golden, WHAT_TO_DO } from '../support/contracts/golden-files.js';
import { goldenSlotKey, goldenTrust } from '../support/contracts/golden-trust.js';
import { resolvedIn, routeFileSample } from '../support/contracts/route-file-sample.js';
import { fileSamples, readFiles } from '../support/contracts/sample-files.js';
import { SAMPLE_MESSAGES } from '../support/contracts/sample-messages.js';
import { refusedRows, rowSamples } from '../support/contracts/sample-rows.js';
import {
  callerOfSample,
  protectedHeader,
  sealedCredentialSample,
  sealedSamples,
  signAs,
  signedSamples,
} from '../support/contracts/sample-signed.js';
import type { Shape } from '../support/contracts/shape.js';
import { ROOT } from '../support/processes.js';
import { serverRoutes } from '../support/proxy/server-routes.js';
import { migrationDigests, migrationsAsSql } from '../support/upgrade/migrations.js';

/** Changes that are allowed all the same, each with its reason: `<contract>.<path>` and why both versions can run. */
const NEW_CODES =
  'an older registry gets a new code only for a credential that a newer command has sealed, or a cancellation that a newer ' +
  'registry has asked for: that verification ends as lost at its deadline';
const BOUND_TOKENS =
  'only where an administrator has mapped it, which an older registry refuses; an older connector does not verify that gateway, ' +
  'and an older proxy does not serve a virtual server with it';
const ALLOWED: Record<string, string> = {
  'VerificationOrder.mappings[].scheme': BOUND_TOKENS,
  'ReceiptClaims.order.mappings[].scheme': BOUND_TOKENS,
  'ServerManifest.gateways[].mappings[].scheme': BOUND_TOKENS,
  'GatewayVerificationFailed.code': NEW_CODES,
  'ReceiptClaims.code': NEW_CODES,
  'GatewayVerified.warnings[].why': 'the type has all codes; no new one is about one era of an upstream',
  'FetchRoutes.bucket':
    'a proxy asks for kept credentials only where they are allowed; an older registry refuses that, and the rest is fetched',
  'Credential.scheme': 'an older connector refuses what it does not know as scheme_unsupported',
};

const says = (problems: string[]): string[] =>
  problems
    .filter((problem) => !(problem.replace(/:.*$/s, '') in ALLOWED))
    .map((problem) => `${problem}. ${WHAT_TO_DO}`);

function classOf(name: string): PayloadClass<object> {
  const type = MESSAGE_CLASSES.get(name);
  if (!type) throw new Error(`there is no message ${name} any more. ${WHAT_TO_DO}`);
  return type;
}

describe('the types of messages, published state and files', () => {
  let today: Record<string, Shape>;
  let released: Record<string, Shape>;
  beforeAll(() => {
    today = contractShapes(ROOT);
    released = golden('shapes', () => today);
  }, 60_000);

  it('can be read by this version as the last release writes them', () => {
    verifies('upgrade.contracts-compatible');
    const problems = Object.entries(released).flatMap(([name, shape]) =>
      unreadable(shape, today[name] ?? {}).map((problem) => `${name}.${problem} (written by the last release)`),
    );
    expect(says(problems)).toEqual([]);
  });

  it('can be read by the last release as this version writes them, and keep all their members', () => {
    verifies('upgrade.contracts-compatible');
    const problems = Object.entries(released).flatMap(([name, shape]) => [
      ...unreadable(today[name] ?? {}, shape).map((problem) => `${name}.${problem} (read by the last release)`),
      ...Object.keys(shape).flatMap((path) => (path in (today[name] ?? {}) ? [] : [`${name}.${path}: is gone`])),
    ]);
    expect(says(problems)).toEqual([]);
  });

  it('agree in subjects, names of buckets and streams, kinds of signatures, files and limits', () => {
    verifies('upgrade.contracts-compatible');
    const constants = golden('constants', contractConstants);
    expect(says(changedConstants(constants, contractConstants()))).toEqual([]);
  });
});

describe('messages of the last release', () => {
  const messages = Object.entries(golden('messages', () => SAMPLE_MESSAGES));

  it.each(messages)(
    '%s: is read with all its members, and without those that may be absent',
    (name, { full, minimal }) => {
      verifies('upgrade.contracts-compatible');
      expect(validPayload(classOf(name), full), WHAT_TO_DO).toEqual(full);
      expect(validPayload(classOf(name), minimal), WHAT_TO_DO).toMatchObject(minimal);
    },
  );

  it.each(messages)('%s: may have members that this version does not know', (name, { full }) => {
    verifies('upgrade.contracts-compatible');
    expect(validPayload(classOf(name), { ...full, ofANewerVersion: { a: 1 } })).toEqual(full);
  });

  it('are all there are', () => {
    const withSubject = [...MESSAGE_CLASSES.values()].filter((type) => 'subject' in type).map(({ name }) => name);
    expect(withSubject.filter((name) => !(name in SAMPLE_MESSAGES))).toEqual([]);
  });
});

describe('signatures of the last release', async () => {
  const trust = goldenTrust();
  const written = await signedSamples();
  const signed = Object.entries(golden('signed', () => written));

  it.each(signed)('%s: is verified, and this version signs the same claims with the same bytes', async (kind, each) => {
    verifies('upgrade.contracts-compatible');
    expect(await trust.verify(kind as 'receipt', each.jws), WHAT_TO_DO).toMatchObject(each.claims);
    expect(await signAs(trust, kind, each.claims), WHAT_TO_DO).toBe(each.jws);
    await expect(trust.verify(kind as 'receipt', await signAs(trust, kind, { ...each.claims, newer: 1 }))).resolves.toMatchObject({ newer: 1 }); // prettier-ignore
  });

  it('cover the gateways of their manifest', async () => {
    verifies('upgrade.contracts-compatible');
    const manifest = signed.find(([kind]) => kind === 'manifest')?.[1].jws ?? '';
    const verified = await new ManifestVerifier(trust).manifest('golden-server', manifest);
    expect(verified?.covered.size, WHAT_TO_DO).toBe(1);
  });
});

describe('sealed texts of the last release', async () => {
  const ring = goldenTrust().sessionRing();
  const tokens = Object.entries(golden('sealed', sealedSamples));
  const written = await sealedCredentialSample();
  const credential = golden('credential', () => written);
  const token = (name: string) => tokens.find(([each]) => each === name)?.[1].token ?? '';

  it.each(tokens)('%s: is opened', (_name, { purpose, aad, claims, token: text }) => {
    verifies('upgrade.contracts-compatible');
    expect(ring.sealer(purpose).open(text, aad), WHAT_TO_DO).toEqual(claims);
    expect(text).toMatch(/^v1\.golden\.[\w-]+$/);
  });

  it('is a session, whoever of its caller’s proxies gets it', () => {
    verifies('upgrade.contracts-compatible');
    const { server, entry, atSeconds } = callerOfSample();
    const caller = Caller.ofKey(serverRoutes([], { id: server }), entry);
    const session = openSession(ring.sealer('session'), token('session token'), caller, atSeconds);
    expect(session, WHAT_TO_DO).toMatchObject({ upstream: { golden: ['session-1', '2025-11-25', 2] } });
  });

  it('are ids, of requests and of events, and this version seals the same claims', () => {
    verifies('upgrade.contracts-compatible');
    const ids = new SealedIds(ring.sealer('request-id'), ring.sealer('event-id'));
    const bound: string[] = JSON.parse(tokens.find(([name]) => name === 'request-id request')?.[1].aad ?? '[]');
    const session = new Session('2025-11-25', undefined, bound);
    const request = ids.openRequest(session, token('request-id request'));
    const point = ids.openResumptionPoint(session, token('event-id call'));
    expect([request, point], WHAT_TO_DO).toEqual([
      { gateway: 'golden', ephemeralSession: { id: 'session-1', version: '2025-11-25' }, own: 7 },
      { of: 'call', gateway: 'golden', id: 'event-1', request: 7, progressToken: 'token' },
    ]);
    const claimsOf = (name: string) => tokens.find(([each]) => each === name)?.[1].claims;
    const sealedNow = request && ring.sealer('request-id').open(ids.sealRequest(session, request), session.binding);
    const pointNow =
      point && ring.sealer('event-id').open(ids.sealResumptionPoint(session, point) ?? '', session.binding);
    expect([sealedNow, pointNow], WHAT_TO_DO).toEqual([claimsOf('request-id request'), claimsOf('event-id call')]);
  });

  it('is a credential, and this version seals with the same header', async () => {
    verifies('upgrade.contracts-compatible');
    const { aud, vid, exp } = credential.offer;
    const expected = { aud, vid, nowSeconds: exp - 30 };
    for (const text of [credential.sealed, written.sealed]) {
      expect(await openCredential(text, await goldenSlotKey(), expected), WHAT_TO_DO).toEqual(credential.credential);
    }
    expect(protectedHeader(written.sealed), WHAT_TO_DO).toEqual(protectedHeader(credential.sealed));
  });
});

describe('what the last release stored', async () => {
  const written = await routeFileSample();
  const lines = golden('route-file', () => written);

  it('is a route file with which a proxy serves, and this version writes such lines', async () => {
    verifies('upgrade.contracts-compatible');
    expect(await resolvedIn(lines, 'golden', 'echo'), WHAT_TO_DO).toBe('echo');
    const kinds = (each: string[]) => [...new Set(each.map((line): unknown => JSON.parse(line)).filter(isStoredEntry).map(([kind]) => kind))]; // prettier-ignore
    expect(kinds(written), WHAT_TO_DO).toEqual(kinds(lines));
    expect(kinds(lines)).toContain(BUCKETS.servers);
  });

  it('is runtime files, pinned connectors and public keys', async () => {
    verifies('upgrade.contracts-compatible');
    const files = golden('files', fileSamples);
    const registry = 'http://127.0.0.1:4400';
    expect(await readFiles(files), WHAT_TO_DO).toEqual([
      registry,
      registry,
      ['f'.repeat(43)],
      goldenTrust()
        .identities('registry')
        .concat(goldenTrust().identities('connector'))
        .map(({ kid }) => kid),
    ]);
  });

  it('is rows whose codes are still right, and this version writes the same codes', () => {
    verifies('upgrade.contracts-compatible');
    const rows = golden('rows', rowSamples);
    expect(refusedRows(rows), WHAT_TO_DO).toEqual([]);
    expect(rowSamples(), WHAT_TO_DO).toMatchObject(rows);
  });

  it('is a database whose migrations this version still has, unchanged', async () => {
    verifies('upgrade.migrations-safe');
    const digests = migrationDigests(await migrationsAsSql());
    expect(digests, 'A released migration never changes; write another one').toMatchObject(
      golden('migrations', () => digests),
    );
  });
});
