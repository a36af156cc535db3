import { describe, expect, it } from 'vitest';
import { MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { asksSeveral, proofHeader, proofMethods, useOf } from './proof-counts.js';

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };
const methods = (method: string, params: object, speaksModern: boolean): string =>
  proofMethods(useOf({ method, params: { ...params } }), speaksModern).join(' ');

describe('the proofs of a request', () => {
  it('are as many as the requests that it can become', () => {
    expect(methods('tools/call', { _meta: META }, true)).toBe('POST');
    const withSession = 'POST POST POST POST POST DELETE';
    expect(methods('tools/call', { _meta: META }, false)).toBe(withSession);
    expect(methods('tools/call', {}, true)).toBe(withSession);
    expect(methods('tools/list', { _meta: META }, true).split(' ')).toHaveLength(12);
    expect(methods('subscriptions/listen', { _meta: META }, false)).toContain('GET GET GET');
    expect(proofMethods('end', false)).toEqual(['DELETE']);
  });

  it('are made again for requests that change nothing and can leave an upstream out', () => {
    const asking = ['initialize', 'tools/list', 'resources/templates/list', 'subscriptions/listen'];
    expect([...asking, 'tools/call', 'prompts/get'].filter((method) => asksSeveral({ method }))).toEqual(asking);
  });

  it('are as many as fit into one header', () => {
    const proofs = Array.from({ length: 12 }, (_, n) => `${n}`.padEnd(900, 'x'));
    const value = proofHeader(proofs);
    expect(value.split(', ')).toEqual(proofs.slice(0, 9));
    expect(value.length).toBeLessThanOrEqual(MAX_CREDENTIAL_BYTES);
  });
});
