import { randomInt, randomUUID } from 'node:crypto';
import { type Credential, SEALED_CREDENTIAL, type SlotOfferClaims } from '@lethe/contracts';
import { CompactEncrypt, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { generateSlotKey, openCredential, sealCredential, type SlotKey } from './index.js';

const NOW = 1_800_000_000;
const AUD = 'https://mcp.example.com/mcp';
const VID = randomUUID();
const EXPECTED = { aud: AUD, vid: VID, nowSeconds: NOW };
const TOKEN = 'correct-horse-battery-staple';
const CREDENTIAL: Credential = { scheme: 'bearer', token: TOKEN };
const ZERO = Buffer.alloc(32).toString('base64url');

let key: SlotKey;
let sealed: string;

function offer(changes: Partial<SlotOfferClaims> = {}): SlotOfferClaims {
  const ids = { connector: 'c1', slot: 's1', gatewayId: randomUUID(), vid: VID };
  return { ...ids, kid: key.kid, jwk: key.publicJwk, aud: AUD, exp: NOW + 60, ...changes };
}

/** What somebody who has only the public key can make: any header, any content. */
async function forge(header: object = {}, content: string = JSON.stringify(CREDENTIAL)): Promise<string> {
  const { alg, enc, typ } = SEALED_CREDENTIAL;
  const full = { alg, enc, typ, kid: key.kid, aud: AUD, jti: VID, exp: NOW + 60, ...header };
  return new CompactEncrypt(Buffer.from(content))
    .setProtectedHeader(full)
    .encrypt(await importJWK(key.publicJwk, 'ECDH-ES'));
}

/** The sealed text with one of its five segments replaced. */
function swap(index: number, change: (segment: string) => string): string {
  return sealed
    .split('.')
    .map((segment, n) => (n === index ? change(segment) : segment))
    .join('.');
}

/** The sealed text with its protected header rewritten, as anybody on the way can do. */
function reheader(change: (header: Record<string, unknown>) => object): string {
  return swap(0, (segment) => {
    const header = JSON.parse(Buffer.from(segment, 'base64url').toString()) as Record<string, unknown>;
    return Buffer.from(JSON.stringify(change(header))).toString('base64url');
  });
}

function flipFirstByte(segment: string): string {
  const bytes = Buffer.from(segment, 'base64url');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64url');
}

const open = (jwe: string): Promise<Credential> => openCredential(jwe, key, EXPECTED);

beforeAll(async () => {
  key = await generateSlotKey();
  sealed = await sealCredential(offer(), CREDENTIAL);
});

describe('a sealed credential', () => {
  it.each<Credential>([
    CREDENTIAL,
    { scheme: 'basic', username: 'jürgen', password: 'pass:word' },
    {
      scheme: 'headers',
      headers: [
        { name: 'X-Api-Key', value: 'k-1' },
        { name: 'X-Tenant', value: 't', secret: false },
      ],
    },
    { scheme: 'none' },
  ])('opens in its slot: $scheme', async (credential) => {
    await expect(open(await sealCredential(offer(), credential))).resolves.toEqual(credential);
  });

  it('opens until the second before its end', async () => {
    const last = await sealCredential(offer({ exp: NOW + 1 }), CREDENTIAL);
    await expect(open(last)).resolves.toEqual(CREDENTIAL);
  });

  it('shows its binding and nothing of the credential', () => {
    const header = Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString();
    expect(JSON.parse(header)).toMatchObject({ aud: AUD, jti: VID, kid: key.kid, exp: NOW + 60 });
    expect(sealed).not.toContain(TOKEN);
  });

  it('opens for no slot key but the one it was made for', async () => {
    verifies('credential.bound');
    const other = await generateSlotKey();
    await expect(openCredential(sealed, other, EXPECTED)).rejects.toMatchObject({ code: 'envelope_invalid' });
    await expect(openCredential(sealed, { ...other, kid: key.kid }, EXPECTED)).rejects.toMatchObject({
      code: 'envelope_invalid',
    });
  });

  it.each([
    ['another URL', { ...EXPECTED, aud: 'https://evil.example.com/mcp' }, 'envelope_invalid'],
    ['another verification', { ...EXPECTED, vid: randomUUID() }, 'envelope_invalid'],
    ['the second of its end', { ...EXPECTED, nowSeconds: NOW + 60 }, 'envelope_expired'],
    ['long after its end', { ...EXPECTED, nowSeconds: NOW + 6_000 }, 'envelope_expired'],
    ['long before it can have been made', { ...EXPECTED, nowSeconds: NOW - 600 }, 'envelope_invalid'],
  ])('does not open for %s', async (_name, expected, code) => {
    verifies('credential.bound');
    await expect(openCredential(sealed, key, expected)).rejects.toMatchObject({ code });
  });
});

const HEADER_TAMPERS: [string, (header: Record<string, unknown>) => object][] = [
  ['aud', (header) => ({ ...header, aud: 'https://evil.example.com/mcp' })],
  ['jti', (header) => ({ ...header, jti: randomUUID() })],
  ['a later exp', (header) => ({ ...header, exp: NOW + 61 })],
  ['exp as text', (header) => ({ ...header, exp: String(NOW + 60) })],
  ['kid', (header) => ({ ...header, kid: 'other' })],
  ['typ', (header) => ({ ...header, typ: 'JWT' })],
  ['alg=dir', (header) => ({ ...header, alg: 'dir' })],
  ['alg=ECDH-ES+A256KW', (header) => ({ ...header, alg: 'ECDH-ES+A256KW' })],
  ['alg=PBES2 with a billion rounds', (header) => ({ ...header, alg: 'PBES2-HS256+A128KW', p2c: 1e9, p2s: 'AAAA' })],
  ['enc=A128GCM', (header) => ({ ...header, enc: 'A128GCM' })],
  ['enc=A256CBC-HS512', (header) => ({ ...header, enc: 'A256CBC-HS512' })],
  ['zip', (header) => ({ ...header, zip: 'DEF' })],
  ['crit', (header) => ({ ...header, crit: ['b64'], b64: false })],
  ['apu', (header) => ({ ...header, apu: 'QQ' })],
  ['no typ', ({ typ: _typ, ...header }) => header],
  ['no exp', ({ exp: _exp, ...header }) => header],
  ['no epk', ({ epk: _epk, ...header }) => header],
  ['an all-zero point', (header) => ({ ...header, epk: { kty: 'OKP', crv: 'X25519', x: ZERO } })],
  ['a P-256 point', (header) => ({ ...header, epk: { kty: 'EC', crv: 'P-256', x: ZERO, y: ZERO } })],
  ['a private point', (header) => ({ ...header, epk: { kty: 'OKP', crv: 'X25519', x: ZERO, d: ZERO } })],
  ['an array as header', () => []],
];

describe('an envelope changed on its way', () => {
  it.each(HEADER_TAMPERS)('is not opened: header with %s', async (_name, change) => {
    verifies('credential.bound');
    await expect(open(reheader(change))).rejects.toMatchObject({ code: 'envelope_invalid' });
  });

  it.each<[string, () => string]>([
    ['an encrypted key', () => swap(1, () => 'AAAA')],
    ['a flipped nonce', () => swap(2, flipFirstByte)],
    ['a shorter nonce', () => swap(2, (segment) => segment.slice(0, 8))],
    ['a flipped ciphertext', () => swap(3, flipFirstByte)],
    ['no ciphertext', () => swap(3, () => '')],
    ['a flipped tag', () => swap(4, flipFirstByte)],
    ['a truncated tag', () => swap(4, (segment) => segment.slice(0, 16))],
    ['no tag', () => swap(4, () => '')],
    ['four segments', () => sealed.split('.').slice(0, 4).join('.')],
    ['six segments', () => `${sealed}.AAAA`],
    ['a line break', () => `${sealed}\n`],
    ['padding', () => `${sealed}==`],
    ['another spelling of the same bytes', () => swap(4, (tag) => `${tag.slice(0, -1)}${nextSpelling(tag)}`)],
    ['JSON serialization', () => JSON.stringify({ protected: sealed.split('.')[0] })],
    ['nothing', () => ''],
    ['more than 16 KiB', () => swap(3, () => 'A'.repeat(SEALED_CREDENTIAL.maxBytes))],
  ])('is not opened: %s', async (_name, tampered) => {
    await expect(open(tampered())).rejects.toMatchObject({ code: 'envelope_invalid' });
  });

  it('is not opened after any of 10,000 random bit flips', { timeout: 60_000 }, async () => {
    verifies('credential.bound');
    const opened: string[] = [];
    for (let round = 0; round < 10_000; round += 1) {
      const bytes = Buffer.from(sealed, 'latin1');
      const at = randomInt(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInt(8));
      const flipped = bytes.toString('latin1');
      await open(flipped).then(
        () => opened.push(flipped),
        () => undefined,
      );
    }
    expect(opened).toEqual([]);
  });
});

// The tag's last character carries four unused bits: three other characters decode to the same bytes.
function nextSpelling(tag: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return alphabet[alphabet.indexOf(tag.at(-1) ?? 'A') ^ 1] ?? '';
}

describe('an envelope made by somebody else for this slot', () => {
  it.each<[string, object]>([
    ['for another URL', { aud: 'https://evil.example.com/mcp' }],
    ['for another verification', { jti: randomUUID() }],
    ['for another key', { kid: 'other' }],
    ['as another type', { typ: 'JWT' }],
    ['with a far end', { exp: NOW + 3_600 }],
    ['with an end that is no whole second', { exp: NOW + 30.5 }],
    ['with 128 bits', { enc: 'A128GCM' }],
    ['with a wrapped key', { alg: 'ECDH-ES+A256KW' }],
    ['with one more member', { note: 'hello' }],
  ])('is not opened: %s', async (_name, header) => {
    await expect(open(await forge(header))).rejects.toMatchObject({ code: 'envelope_invalid' });
  });

  it('is not opened after its end', async () => {
    await expect(open(await forge({ exp: NOW }))).rejects.toMatchObject({ code: 'envelope_expired' });
  });

  it.each<[string, string, string]>([
    ['no JSON', 'correct-horse', 'credential_malformed'],
    ['half a JSON', '{"scheme":"bearer","token":"corr', 'credential_malformed'],
    ['a list', '[]', 'credential_malformed'],
    ['no scheme', '{"token":"t"}', 'credential_malformed'],
    ['one more member', '{"scheme":"bearer","token":"t","url":"https://evil.example.com"}', 'credential_malformed'],
    ['a query credential without one', '{"scheme":"query","parameters":[]}', 'credential_malformed'],
    ['an OAuth client without a secret', '{"scheme":"oauth_client_credentials"}', 'credential_malformed'],
    ['another scheme', '{"scheme":"digest"}', 'scheme_unsupported'],
  ])('opens to no credential: %s', async (_name, content, code) => {
    await expect(open(await forge({}, content))).rejects.toMatchObject({ code });
  });

  it('says nothing of the content in its error', async () => {
    const error = await open(await forge({}, 'correct-horse')).catch((reason: unknown) => String(reason));
    expect(error).not.toContain('correct');
  });
});

describe('sealing', () => {
  it('refuses a credential that the slot would refuse', async () => {
    const broken = { scheme: 'bearer', token: 'two\nlines' } as const;
    await expect(sealCredential(offer(), broken)).rejects.toMatchObject({ code: 'credential_malformed' });
  });

  it('refuses more than fits an envelope', async () => {
    const headers = ['A', 'B'].map((name) => ({ name: `X-${name}`, value: 'v'.repeat(8_000) }));
    await expect(sealCredential(offer(), { scheme: 'headers', headers })).rejects.toMatchObject({
      code: 'credential_malformed',
    });
  });

  it('makes a slot key whose private part cannot be exported', async () => {
    expect((await generateSlotKey()).privateKey.extractable).toBe(false);
  });
});
