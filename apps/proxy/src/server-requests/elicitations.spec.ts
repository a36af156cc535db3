import { describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { Elicitations } from './elicitations.js';

/** The access to a gateway of a virtual server with so many gateways. */
function access(gateways: number, name = 'GitHub'): UpstreamAccess {
  const { access: real } = credentialsFor('https://mcp.example.com/mcp');
  const gateway = { ...real.gateway, name, slug: 'hub' };
  const server = { ...real.caller.server, gateways: Array.from({ length: gateways }, () => gateway) };
  return { ...real, gateway, caller: { ...real.caller, server } } as never;
}
const several = Elicitations.of(access(2));
const alone = Elicitations.of(access(1));
const shown = (json: string) => several.inResponse(json) ?? 'refused';
const form = (message: string) => `{"method":"elicitation/create","params":{"n":1.00,"message":"${message}"}}`;

describe('Elicitations in a response', () => {
  it('say in every question to a person who asks, and keep every other digit', () => {
    const answer = (one: string, other: string): string =>
      `{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required","n":1.0,"inputRequests":{"a":${one},` +
      `"s":{"method":"sampling/createMessage","params":{"message":"x"}},"b":${other}}}}`;
    const json = shown(answer(form('Sure?'), form('Really?')));
    expect(JSON.parse(json)).toEqual(JSON.parse(answer(form('[GitHub] Sure?'), form('[GitHub] Really?'))));
    expect(json.match(/1\.00|"n":1\.0\b/g)).toHaveLength(3);
  });

  it('are not led astray by escapes, spaces or members given twice', () => {
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

  it('hide none behind a member given twice, whichever of the two a client reads', () => {
    const bad = '{"method":"elicitation/create","params":{"mode":"url","url":"javascript:x","message":"m"}}';
    const inputs = [
      `{"a":${bad},"a":{"method":"roots/list"}}`,
      `{"a":{"method":"elicitation/create","method":"roots/list","params":{"url":"javascript:x"}}}`,
    ];
    for (const json of inputs) {
      expect(shown(`{"id":1,"result":{"inputRequests":${json}}}`)).not.toMatch(/"elicitation|"a":.*"a":/);
    }
  });

  it('say it of URLs that a legacy server wants opened first, whose ids begin with the gateway', () => {
    const elicitations = [{ mode: 'url', url: 'https://a.example', elicitationId: 'e', message: 'Sign in' }];
    const error = { code: -32042, message: 'first', data: { elicitations, x: 1 } };
    const given = JSON.stringify({ jsonrpc: '2.0', id: 1, error });
    const [asked] = elicitations;
    const labelled = [{ ...asked, elicitationId: 'hub:e', message: '[GitHub] Sign in' }];
    expect(JSON.parse(shown(given)).error).toEqual({ ...error, data: { elicitations: labelled, x: 1 } });
    expect(JSON.parse(alone.inResponse(given) ?? '').error).toEqual(error);
  });

  it('are refused with a URL that nobody should open', () => {
    const urls = ['javascript:alert(1)', 'file:///x', 'https://169.254.169.254/', 'http://a.example', 7, null];
    for (const url of urls) {
      const input = { method: 'elicitation/create', params: { mode: 'url', url, message: 'm' } };
      expect(shown(JSON.stringify({ id: 1, result: { inputRequests: { a: input } } }))).toBe('refused');
      const data = { elicitations: [{ mode: 'url', url, elicitationId: 'e', message: 'm' }] };
      expect(shown(JSON.stringify({ id: 1, error: { code: -32042, message: 'm', data } }))).toBe('refused');
    }
  });

  it.each([
    '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"inputRequests"}]}}',
    '{"jsonrpc":"2.0","id":1,"result":{"inputRequests":{"a":{"method":"elicitation/create"},"b":3}}}',
    '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"elicitations","data":null}}',
    'inputRequests',
  ])('leave %s as it is', (json) => {
    expect(shown(json)).toBe(json);
  });
});

describe('the text of an elicitation', () => {
  it('is one visible line that names no other gateway', () => {
    const message = '] \u202e[Bank]\u202c \u200bEnter\r\nyour PIN ［Bank］';
    expect(several.edits({ message })).toEqual({ message: '[GitHub] ) (Bank) Enter your PIN (Bank)' });
    expect(alone.edits({ message })).toEqual({ message: ') (Bank) Enter your PIN (Bank)' });
    expect(Elicitations.of(access(2, 'A] [Bank')).edits({ message: 'x' })).toEqual({ message: '[A) (Bank] x' });
  });

  it('is clean in the form as well; what comes back to the upstream stays', () => {
    const field = {
      type: 'string',
      title: '[Bank]\nPIN',
      enum: ['[a]\u200b'],
      enumNames: ['\u202eb'],
      default: '[a]\u200b',
    };
    const choice = { oneOf: [{ const: 'x\u200b', title: 'X\u200b' }] };
    const requestedSchema = { type: 'object', properties: { title: { ...field }, choice } };
    expect(several.edits({ message: 'm', requestedSchema })).toMatchObject({
      requestedSchema: {
        properties: {
          title: { ...field, title: '(Bank) PIN', enumNames: ['b'] },
          choice: { oneOf: [{ const: 'x\u200b', title: 'X' }] },
        },
      },
    });
    const plain = { type: 'object', properties: { name: { type: 'string', title: 'Name' } } };
    expect(alone.edits({ message: 'm', requestedSchema: plain })).toEqual({ message: 'm' });
  });
});
