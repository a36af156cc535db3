import { describe, expect, it } from 'vitest';
import { canAnswer, legacyRequest, requiredInput } from './modern-input-requests.js';

const read = (result: object) => requiredInput(JSON.stringify({ resultType: 'input_required', ...result }));
const elicitation = (params: object = {}) => ({ method: 'elicitation/create', params });

describe('requiredInput', () => {
  it('reads the requests and the state, and keeps parameters as they were written', () => {
    const json =
      '{"resultType":"input_required","inputRequests":{"a\\u0062":{"method":"m","params":{"n":1.0}},"c":{"method":"roots/list"}},"requestState":"\\u0073"}';
    expect(requiredInput(json)).toEqual({
      requests: [
        { key: 'ab', method: 'm', params: { n: 1 }, paramsJson: '{"n":1.0}' },
        { key: 'c', method: 'roots/list', params: {}, paramsJson: undefined },
      ],
      requestStateJson: '"\\u0073"',
    });
  });

  it('leaves other results alone, also those that only speak of it', () => {
    expect(requiredInput('{"content":[]}')).toBeUndefined();
    expect(requiredInput('{"resultType":"complete","text":"input_required"}')).toBeUndefined();
  });

  it.each([
    {},
    { inputRequests: {} },
    { inputRequests: [] },
    { inputRequests: { a: 7 } },
    { inputRequests: { a: { method: 7 } } },
    { inputRequests: { a: { method: 'm', params: 'x' } } },
    { requestState: 7 },
  ])('refuses %j', (result) => {
    expect(read(result)).toBeNull();
  });

  it('refuses parameters with a member that is there twice: clients could read another one', () => {
    const params = '{"mode":"url","url":"https://a.example","mo\\u0064e":"form"}';
    const json = `{"resultType":"input_required","inputRequests":{"a":{"method":"m","params":${params}}}}`;
    expect(requiredInput(json)).toBeNull();
  });

  it('takes a state without requests', () => {
    expect(read({ requestState: '' })).toEqual({ requests: [], requestStateJson: '""' });
  });
});

describe('canAnswer', () => {
  const asked = (method: string, params = {}) => ({ key: 'k', method, params, paramsJson: undefined });
  it.each([
    [{}, 'elicitation/create', {}, false],
    [{ elicitation: {} }, 'elicitation/create', {}, true],
    [{ elicitation: {} }, 'elicitation/create', { mode: 'form' }, true],
    [{ elicitation: {} }, 'elicitation/create', { mode: 'url' }, false],
    [{ elicitation: { url: {} } }, 'elicitation/create', { mode: 'url' }, true],
    [{ elicitation: { url: {} } }, 'elicitation/create', {}, false],
    [{ elicitation: { url: {}, form: {} } }, 'elicitation/create', {}, true],
    [{ sampling: {} }, 'sampling/createMessage', {}, true],
    [{ sampling: {} }, 'roots/list', {}, false],
    [{ roots: {} }, 'roots/list', {}, true],
    [{ roots: {}, ping: {} }, 'ping', {}, false],
  ])('%j, %s %j: %s', (capabilities, method, params, expected) => {
    expect(canAnswer(capabilities, asked(method, params))).toBe(expected);
  });
});

describe('legacyRequest', () => {
  it('changes only what a client gets in another form, and adds the id of a URL', () => {
    const params = { mode: 'url', message: 'Open', n: 1 };
    const request = { key: 'k', ...elicitation(params), params, paramsJson: '{"mode":"url","message":"Open","n":1.0}' };
    expect(legacyRequest('id', request, { message: '[GitHub] Open' }, 'e-1')).toBe(
      '{"jsonrpc":"2.0","id":"id","method":"elicitation/create","params":{"mode":"url","n":1.0,"message":"[GitHub] Open","elicitationId":"e-1"}}',
    );
    const roots = { key: 'k', method: 'roots/list', params: {}, paramsJson: undefined };
    expect(legacyRequest('id', roots, {}, undefined)).toBe('{"jsonrpc":"2.0","id":"id","method":"roots/list"}');
  });
});
