import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CALLER_PROBLEMS, callerChallenge, callerRefusal, callerRefusalSentence } from './caller-refusal.js';

const PAGE = readFileSync(new URL('../../../../docs/operations/clients.md', import.meta.url), 'utf8');

describe('what a refused caller is told', () => {
  it.each(CALLER_PROBLEMS)('%s: is one sentence about the Authorization header, the same in both places', (why) => {
    for (const resourceMetadata of [undefined, 'http://localhost/m']) {
      const { detail } = callerRefusal(why, { notation: '${NAME}', ...(resourceMetadata && { resourceMetadata }) });
      const sentence = callerRefusalSentence(detail) ?? '';
      expect(sentence).toContain('Authorization header');
      // RFC 6750, section 3; and nothing that a client takes for a parameter or a status.
      expect(sentence).toMatch(/^[\x20\x21\x23-\x3c\x3e-\x5b\x5d-\x7e]+$/);
      expect(sentence).not.toMatch(/[45]\d\d/);
      expect(callerChallenge(detail)).toContain(`"${sentence}"`);
    }
  });

  it.each(CALLER_PROBLEMS)('%s: is explained in docs/operations/clients.md', (why) => {
    expect(PAGE).toContain(why.startsWith('token_') ? '`token_…`' : `\`${why}\``);
  });

  it('has no value for a client to show where the reason is not known', () => {
    expect(callerRefusalSentence({})).toBeUndefined();
    expect(callerRefusalSentence({ why: 'constructor' })).toBeUndefined();
    expect(callerChallenge({})).toMatch(/^Bearer realm="lethe", hint="No Authorization header /);
  });
});
