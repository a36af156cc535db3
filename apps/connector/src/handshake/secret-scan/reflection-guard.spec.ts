import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { credentialParts } from '../client/credential-parts.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { guardAgainstReflection } from './reflection-guard.js';

const TOKEN = randomBytes(32).toString('base64url');
const SHORT = 'hunter2-X9';

const NAMED = new Map(
  [...'-_+/=.'].map((char) => [
    char.charCodeAt(0),
    `&${{ '-': '#45', _: 'lowbar', '+': 'plus', '/': 'sol', '=': 'equals', '.': 'period' }[char] ?? ''};`,
  ]),
);

/** RFC 4648, section 6. */
function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits.map((digit) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(digit.padEnd(5, '0'), 2)]).join('');
}

function verdictOn(result: unknown, secrets: string[]): string | undefined {
  try {
    guardAgainstReflection(result, secrets);
  } catch (error) {
    if (error instanceof HandshakeFailure) return error.detail.pointer;
    throw error;
  }
  return undefined;
}

const codes = (text: string, code: (byte: number) => string): string =>
  [...Buffer.from(text)].map((byte) => code(byte)).join('');
const points = (text: string, code: (point: number) => string): string =>
  [...text].map((char) => code(char.codePointAt(0) ?? 0)).join('');
const hexOf = (byte: number, length = 2): string => byte.toString(16).padStart(length, '0');

const DISGUISES: Record<string, (text: string) => string> = {
  raw: (text) => text,
  'upper case': (text) => text.replace(/[a-z]/g, (char) => char.toUpperCase()),
  'lower case': (text) => text.toLowerCase(),
  reversed: (text) => Buffer.from(text).reverse().toString(),
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  'base64 one byte further': (text) => Buffer.from(`x${text}`).toString('base64'),
  'base64 two bytes further': (text) => Buffer.from(`xy${text}`).toString('base64'),
  'base64 within a word': (text) => `abc${Buffer.from(`Bearer ${text}`).toString('base64')}`,
  'base64 in lines': (text) =>
    Buffer.from(text)
      .toString('base64')
      .replace(/(.{10})/g, '$1\n'),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex in upper case': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'hex one digit further': (text) => `a${Buffer.from(text).toString('hex')}`,
  'percent-encoded': (text) => encodeURIComponent(text),
  'percent-encoded throughout': (text) => codes(text, (byte) => `%${hexOf(byte)}`),
  'JSON-escaped': (text) => JSON.stringify(JSON.stringify(text)),
  'unicode escapes': (text) => text.replace(/./gs, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'spaced out': (text) => text.replace(/(.)/g, '$1 '),
  'with dashes': (text) => [...text].join('-'),
  'in groups': (text) => (text === SHORT ? text : text.replace(/(.{4})/g, '$1-')),
  base32: (text) => base32(text),
  'base32 in lower case, further': (text) => `abc${base32(text).toLowerCase()}`,
  'octal escapes': (text) => codes(text, (byte) => `\\${byte.toString(8)}`),
  'hexadecimal escapes': (text) => codes(text, (byte) => `\\x${hexOf(byte)}`),
  'unicode escapes in braces': (text) => points(text, (byte) => `\\u{${hexOf(byte)}}`),
  'long unicode escapes': (text) => points(text, (byte) => `\\U${hexOf(byte, 8)}`),
  'decimal entities': (text) => points(text, (byte) => `&#${byte};`),
  'hexadecimal entities': (text) => points(text, (byte) => `&#x${hexOf(byte)};`),
  'named entities': (text) => points(text, (point) => NAMED.get(point) ?? String.fromCodePoint(point)),
  'hex with colons': (text) => codes(text, (byte) => `${hexOf(byte)}:`),
};

describe('the reflection guard', () => {
  it.each(Object.entries(DISGUISES))('finds a long and a short secret %s', (_name, disguise) => {
    for (const secret of [TOKEN, SHORT]) {
      const description = `Hello, ${disguise(secret)} is what you sent`;
      expect(verdictOn({ items: [{ definition: { description } }] }, [secret])).toBe('/items/0/definition/description');
    }
  });

  it.each(['base64', 'hex', 'percent-encoded', 'decimal entities', 'unicode escapes', 'with dashes'])(
    'finds a secret beyond ASCII in %s',
    (name) => {
      const secret = 'Kölner-Dom-1975-ö';
      expect(verdictOn({ text: `It is ${DISGUISES[name]?.(secret)}` }, [secret])).toBe('/text');
    },
  );

  it('finds any 16 characters in a row of a longer secret, at any position, and no shorter run', () => {
    for (let start = 0; start + 16 <= TOKEN.length; start += 1) {
      const lead = '.'.repeat(start % 9);
      expect(verdictOn({ text: `${lead}${TOKEN.slice(start, start + 16)}!` }, [TOKEN])).toBe('/text');
      expect(verdictOn({ text: `${lead}${TOKEN.slice(start, start + 12)}!` }, [TOKEN])).toBeUndefined();
    }
  });

  it('searches values, member names, numbers and nested lists', () => {
    expect(verdictOn({ facts: { instructions: TOKEN } }, [TOKEN])).toBe('/facts/instructions');
    expect(verdictOn({ facts: { capabilities: { [TOKEN]: {} } } }, [TOKEN])).toBe('/facts/capabilities');
    expect(verdictOn({ skipped: [], deep: [[{ a: [TOKEN] }]] }, [TOKEN])).toBe('/deep/0/0/a/0');
    expect(verdictOn({ n: 1234567890123 }, ['1234567890123'])).toBe('/n');
  });

  it('repeats no unusual member name in the pointer', () => {
    expect(verdictOn({ 'half a secret? yes': { x: TOKEN } }, [TOKEN])).toBe('/*/x');
  });

  it('does not treat the header of a JWT or the prefix of a vendor as secret', () => {
    const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');
    const payload = Buffer.from(`{"sub":"${TOKEN}"}`).toString('base64url');
    const jwt = `${header}.${payload}.${randomBytes(32).toString('base64url')}`;
    expect(verdictOn({ text: `tokens begin with ${header}` }, [jwt])).toBeUndefined();
    expect(verdictOn({ text: `it was ${payload}` }, [jwt])).toBe('/text');
    const pat = `github_pat_${randomBytes(30).toString('base64url')}`;
    expect(verdictOn({ text: 'create a github_pat_ token' }, [pat])).toBeUndefined();
    expect(verdictOn({ text: pat.slice('github_pat_'.length) }, [pat])).toBe('/text');
  });

  it('searches for passwords and secret headers, but not for user names or headers that are not secret', () => {
    const basic = credentialParts({ scheme: 'basic', username: 'somebody-known', password: 'correct-horse-battery' });
    expect(verdictOn({ text: 'hello somebody-known' }, basic.secrets)).toBeUndefined();
    expect(verdictOn({ text: 'correct-horse-battery' }, basic.secrets)).toBe('/text');
    expect(verdictOn({ text: basic.headers.authorization?.slice(6) }, basic.secrets)).toBe('/text');
    const headers = credentialParts({
      scheme: 'headers',
      headers: [
        { name: 'X-Tenant', value: 'tenant-production', secret: false },
        { name: 'X-Api-Key', value: TOKEN },
      ],
    });
    expect(verdictOn({ text: 'tenant-production' }, headers.secrets)).toBeUndefined();
    expect(verdictOn({ text: TOKEN }, headers.secrets)).toBe('/text');
  });

  it('finds the password of a pair in a header of its own', () => {
    const pair = Buffer.from(`me:${SHORT}`).toString('base64');
    const { secrets } = credentialParts({
      scheme: 'headers',
      headers: [{ name: 'Authorization', value: `Basic ${pair}` }],
    });
    for (const text of [SHORT, `me:${SHORT}`, pair])
      expect(verdictOn({ text: `it was ${text}!` }, secrets)).toBe('/text');
  });
});

/** A repeatable choice: xorshift. */
function chooser(seed: number): <T>(from: readonly T[]) => T {
  let state = seed;
  return (from) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const chosen = from[(state >>> 0) % from.length];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
}

/** Encodings whose result is text that can be encoded again. Letter case and direction are lost in none of them. */
const LAYERS = Object.entries({ ...DISGUISES, 'JSON-escaped': (text: string) => JSON.stringify(text) }).filter(
  ([name]) => !['upper case', 'lower case', 'reversed', 'in groups', 'named entities'].includes(name),
);
const INNERMOST = Object.entries(DISGUISES).filter(([name]) => name !== 'in groups');
const WORDS = 'reads a file from the path and returns its content as text or as base64 id 3f2a9c url https://a.example/v1?q=1'.split(' '); // prettier-ignore
const SECRETS = [
  () => randomBytes(24).toString('base64url'),
  () => randomBytes(20).toString('hex'),
  () => randomBytes(32).toString('base64'),
  () => `ghp_${randomBytes(18).toString('hex')}`,
  () => randomBytes(7).toString('base64url'),
];

describe('any two encodings of a secret, in any surroundings', () => {
  it('are undone', () => {
    verifies('credential.found-in-encodings');
    const choose = chooser(Number(process.env['SCAN_SEED'] ?? 20261130));
    for (let round = 0; round < 1_500; round += 1) {
      const secret = choose(SECRETS)();
      const [inner, encodeInner] = choose(INNERMOST);
      const [outer, encodeOuter] = choose(LAYERS);
      const lead = Array.from({ length: 5 }, () => choose(WORDS)).join(' ');
      const glue = choose([' ', '"', '(', '=', ' - ', ': ']);
      const text = `${lead}${glue}${encodeOuter(encodeInner(secret))}${choose([' ', '"', ')', '\n'])}${lead}`;
      expect(verdictOn({ text }, [secret]), `${outer} of ${inner} of ${secret} in ${text}`).toBe('/text');
    }
  });

  it('are not seen where there are none: catalogues of ordinary texts', () => {
    const choose = chooser(4711);
    for (let round = 0; round < 20; round += 1) {
      const secrets = SECRETS.map((make) => make());
      const items = Array.from({ length: 40 }, (_, index) => {
        const words = Array.from({ length: 60 }, () => choose(WORDS));
        const extra = [
          randomUUID(),
          randomBytes(32).toString('hex'),
          randomBytes(90).toString('base64'),
          '&lt;b&gt;',
          '%20\\n',
        ];
        return { own: `tool-${index}`, definition: { description: [...words, ...extra].join(' ') } };
      });
      expect(verdictOn({ items }, secrets)).toBeUndefined();
    }
  });
});

describe('the time of the search in 2 MiB', () => {
  const sentence = 'Reads a file and returns its content as text, base64 for binaries. ';
  const bytes = 2 * 1024 * 1024;
  const texts: Record<string, () => string> = {
    sentences: () => sentence.repeat(20),
    'short texts': () => sentence.slice(0, 40),
    base64: () => randomBytes(1_024).toString('base64'),
    'base64 of base64': () => Buffer.from(randomBytes(1_024).toString('base64')).toString('base64'),
    'base32 of hex': () => base32(randomBytes(1_024).toString('hex')),
    'digits that are all encodings at once': () => '2A3B4C5D6E7F'.repeat(120),
    'percent of base64': () => codes(randomBytes(512).toString('base64'), (byte) => `%${hexOf(byte)}`),
    'dashes of base64': () => [...randomBytes(1_024).toString('base64')].join('-'),
    'entities of escapes': () => codes('\\u0041'.repeat(64), (byte) => `&#${byte};`),
  };

  it.each(Object.entries(texts))('is bounded with %s', (name, make) => {
    const items: string[] = [];
    for (let size = 0; size < bytes; size += items.at(-1)?.length ?? 0) items.push(make());
    // Processor time: other tests run at the same time.
    const before = process.cpuUsage();
    expect(verdictOn({ items }, [TOKEN, SHORT])).toBeUndefined();
    const took = process.cpuUsage(before).user / 1_000;
    if (process.env['SCAN_TIMES']) console.log(`${name}: ${Math.round(took)} ms`);
    expect(took).toBeLessThan(4_000);
  });
});
