import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { holdsCredential } from './credential-text.js';

/** Fixed, so that no chance decides. */
const hex = (bytes: number): string => '3f9a1c7e5b2d8046a1e97c3b5d20f8643f9a1c7e5b2d8046'.slice(0, 2 * bytes);
const chance = (bytes: number): string => randomBytes(bytes).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const JWT = `${base64('{"alg":"RS256","typ":"JWT"}')}.${base64('{"sub":"somebody","n":1}')}.${hex(16)}`.replaceAll(
  '=',
  '',
);

describe('a text with a credential', () => {
  it.each([
    'Bearer abcdef',
    `Bearer ${hex(20)}`,
    `basic ${base64('me:password')}`,
    `Authorization: Bearer ${hex(8)}`,
    `Send "Authorization: Bearer ${hex(16)}" with each call`,
    `Log in with Basic ${base64('service-account:hunter2-X9')}, please`,
    `ghp_${'a'.repeat(36)}`,
    `use github_pat_${hex(20)} until Friday`,
    `sk-ant-api03-${hex(20)}`,
    `xoxb-${hex(10)}-${hex(10)}`,
    `npm_${hex(18)}`,
    'AKIA4HV7PQX2M9ZC6T3B',
    `lethe_key_${hex(8)}_${'q7'.repeat(21)}Z`,
    `lethe_admin_${hex(8)}_${hex(16)}`,
    `the token ${JWT}, which works`,
    '-----BEGIN PRIVATE KEY-----\nMIIEvQ',
    '-----BEGIN RSA PRIVATE KEY-----',
    'postgres://app:Tr0ub4dor@db.example.com/app',
    `https://me:${hex(6)}@example.com/mcp`,
    `api_key=${hex(16)}`,
    `"client_secret": "${hex(16)}"`,
    `The password: ${hex(10)}`,
  ])('is recognized: %s', (text) => {
    expect(holdsCredential(text)).toBe(true);
    expect(holdsCredential(`Some words before. ${text.includes('\n') ? text : `(${text})`}`) || /^bearer a/i.test(text)).toBe(true); // prettier-ignore
  });

  it('is read once, not again at each beginning of a token', () => {
    const startedAt = performance.now();
    for (const part of ['eyJ-', 'eyJ-.', 'bearer ', 'basic   ', 'token=', 'https://a:', 'sk-', "token = '", 'a://'])
      expect(holdsCredential(part.repeat(200_000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

/** Names, descriptions and instructions as servers, their documentation and administrators write them. */
const ORDINARY = [
  'GitHub',
  'Basic search',
  'Basic tools',
  'Bearer token',
  'Bearer authentication for the team',
  'Ask the basic questions',
  'Basic authentication is not supported.',
  'Supports Bearer authentication and personal-access-tokens.',
  'Set the header to `Bearer ${TOKEN}` or "Bearer <token>".',
  'Authorization: Bearer ${GITHUB_TOKEN}',
  'Authorization: Bearer <your-personal-access-token>',
  'Authorization: Bearer YOUR_PERSONAL_ACCESS_TOKEN_1',
  'Use `Authorization: Bearer {{token}}`, then call the tool.',
  'curl -H "Authorization: Bearer $LETHE_KEY" https://example.com/servers/team/mcp',
  'export OPENAI_API_KEY=sk-your-api-key-goes-here',
  'OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'Tokens begin with ghp_ or github_pat_; create one under Settings > Developer settings.',
  'SLACK_BOT_TOKEN=xoxb-your-bot-token-here',
  'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
  'sk-learn-based-classification pipelines for scikit-learn users',
  'api_key: the key of your account (string, required)',
  'password=********',
  'token: string; nextPageToken: the cursor of the next page; page_token = nextPageToken2024Value',
  'Pass `api_key=<key>` in the query.',
  'secret: ${{ secrets.DEPLOY_TOKEN_PRODUCTION_2026 }}',
  'postgres://user:password@localhost:5432/db, or postgres://${USER}:${PASSWORD}@db',
  'https://user:<password>@example.com is refused.',
  'Look at https://example.com/v1/items?id=550e8400-e29b-41d4-a716-446655440000&page=2#token-rules',
  'https://docs.google.com/document/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit',
  'The image sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 is current.',
  'Commit da39a3ee5e6b4b0d3255bfef95601890afd80709 fixes this; see PR #1234.',
  'Issue ABC-1234, build 2026.11.30-rc1, version 1.2.3-beta.4+build.5',
  'Call `search_issues` with {"query": "is:open label:bug", "per_page": 50} before `create_issue`.',
  'The fingerprint SHA256:uNiVztksCsDhcc0u9e8BgrJXVGDQhvBuZkXpTnRCPwU must match.',
  'Returns base64, such as iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk.',
  'Never ask the user for a password. Secrets: none are needed. Token limits: 8,192 tokens per request.',
  'Zugangsdaten: keine. Kennwort: wird nicht gebraucht. 密码：无',
  'max_tokens=4096, token_budget: 200000, secret_scanning=enabled, password_policy: strong-passwords-only',
  'client_id=mcp-inspector-2026; redirect_uri=http://127.0.0.1:6274/oauth/callback',
];

describe('an ordinary text', () => {
  it.each(ORDINARY)('passes: %s', (text) => {
    expect(holdsCredential(text)).toBe(false);
  });

  it('passes with ids and hashes that nobody has seen before', () => {
    for (let round = 0; round < 500; round += 1) {
      const text = `Project ${randomUUID()} at ${chance(20)}, digest ${chance(32)}, see https://example.com/${randomUUID()}/${chance(12)}`;
      expect(holdsCredential(text), text).toBe(false);
      expect(holdsCredential(`${ORDINARY.join('\n')}\n${text}`)).toBe(false);
    }
  });
});
