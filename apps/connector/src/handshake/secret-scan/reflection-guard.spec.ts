import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { credentialParts } from '../client/credential-parts.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { guardAgainstReflection } from './reflection-guard.js';

const TOKEN = randomBytes(32).toString('base64url');
const SHORT = 'hunter2-X9';

function verdictOn(result: unknown, secrets: string[]): string | undefined {
  try {
    guardAgainstReflection(result, secrets);
  } catch (error) {
    if (error instanceof HandshakeFailure) return error.detail.pointer;
    throw error;
  }
  return undefined;
}

const DISGUISES: Record<string, (text: string) => string> = {
  raw: (text) => text,
  'upper case': (text) => text.toUpperCase(),
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
  'percent-encoded throughout': (text) => text.replace(/./gs, (char) => `%${char.charCodeAt(0).toString(16)}`),
  'JSON-escaped': (text) => JSON.stringify(JSON.stringify(text)),
  'unicode escapes': (text) => text.replace(/./gs, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'spaced out': (text) => text.replace(/(.)/g, '$1 '),
};

describe('the reflection guard', () => {
  it.each(Object.entries(DISGUISES))('finds a long and a short secret %s', (_name, disguise) => {
    for (const secret of [TOKEN, SHORT]) {
      const description = `Hello, ${disguise(secret)} is what you sent`;
      expect(verdictOn({ items: [{ definition: { description } }] }, [secret])).toBe('/items/0/definition/description');
    }
  });

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

  it('accepts an ordinary catalogue, and is fast with a large one', () => {
    const description = 'Reads a file and returns its content as text, base64 for binaries. '.repeat(20);
    const items = Array.from({ length: 1000 }, (_, index) => ({ own: `tool-${index}`, definition: { description } }));
    const startedAt = performance.now();
    expect(verdictOn({ items }, [TOKEN])).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
