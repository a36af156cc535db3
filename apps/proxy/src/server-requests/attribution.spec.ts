import { describe, expect, it } from 'vitest';
import { prefixSource } from './attribution.js';

const shown = (json: string) => prefixSource(json, 'GitHub');
const form = (message: string) => `{"method":"elicitation/create","params":{"n":1.00,"message":"${message}"}}`;

describe('prefixSource', () => {
  it('says in every question to a person who asks, and keeps every other digit', () => {
    const answer = (one: string, other: string): string =>
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","n":1.0,"inputRequests":{"a":${one},` +
      `"s":{"method":"sampling/createMessage","params":{"message":"x"}},"b":${other}}}}`;
    const json = shown(answer(form('Sure?'), form('Really?')));
    expect(JSON.parse(json)).toEqual(JSON.parse(answer(form('[GitHub] Sure?'), form('[GitHub] Really?'))));
    expect(json.match(/1\.00|"n":1\.0\b/g)).toHaveLength(3);
  });

  it('is not led astray by escapes, spaces or members given twice', () => {
    const written = [
      String.raw` {"id":1,"result":{"\u0069nputRequests":{"a":{"meth\u006fd":"elicitation\/create","params":{"message":"Sure?"}}}}}`,
      `{"id":1,"result":{"inputRequests":{"a":{"method":"elicitation/create","params":{"message":"","message":"Sure?"}}}}}`,
      `{"id":1,"result":{"inputRequests":{"a":{"method":"x","method":"elicitation/create","params":{"message":"Sure?"}}}}}`,
    ];
    for (const json of written) {
      const { a } = JSON.parse(shown(json)).result.inputRequests;
      expect(a.params.message).toMatch(/^\[GitHub\] /);
    }
  });

  it('says it of URLs that a legacy server wants opened first', () => {
    const elicitations = [{ mode: 'url', url: 'https://a.example', elicitationId: 'e', message: 'Sign in' }];
    const error = { code: -32042, message: 'first', data: { elicitations, x: 1 } };
    const given = JSON.stringify({ jsonrpc: '2.0', id: 1, error });
    const [asked] = elicitations;
    const labelled = [{ ...asked, message: '[GitHub] Sign in' }];
    expect(JSON.parse(shown(given)).error).toEqual({ ...error, data: { elicitations: labelled, x: 1 } });
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"inputRequests"}]}}',
    '{"jsonrpc":"2.0","id":1,"result":{"inputRequests":{"a":{"method":"elicitation/create"},"b":3}}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"elicitations","data":null}}',
    'inputRequests',
  ])('leaves %s as it is', (json) => {
    expect(shown(json)).toBe(json);
  });
});
