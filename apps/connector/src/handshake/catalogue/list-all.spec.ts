import type { JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { listAll } from './list-all.js';
import type { UpstreamConnection } from '../eras/upstream-connection.js';

/** A connection with scripted results: `method` or `method cursor` -> result. */
function visitOf(capabilities: JsonObject, answers: Record<string, JsonObject>, era: 'legacy' | 'modern' = 'legacy') {
  const asked: string[] = [];
  const facts = { protocolVersion: '', transport: 'streamable-http', sessionful: false, serverInfo: {} } as const;
  const connection: UpstreamConnection = {
    facts: { ...facts, era, capabilities },
    request: async (method, { cursor }) => {
      const question = typeof cursor === 'string' ? `${method} ${cursor}` : method;
      asked.push(question);
      return answers[question];
    },
    close: async () => undefined,
  };
  return { connection, asked };
}

const tool = (name: string): JsonObject => ({ name, inputSchema: { type: 'object' } });
const everything = { tools: {}, resources: {}, prompts: {} };

describe('listing', () => {
  it('follows cursors to the end, list by list', async () => {
    const { connection, asked } = visitOf(everything, {
      'tools/list': { tools: [tool('a')], nextCursor: '2' },
      'tools/list 2': { tools: [tool('b')], nextCursor: '' },
      'tools/list ': { tools: [tool('c')] },
      'resources/list': { resources: [{ name: 'r', uri: 'x://r' }] },
      'resources/templates/list': { resourceTemplates: [{ name: 't', uriTemplate: 'x://{t}' }] },
      'prompts/list': { prompts: [{ name: 'p' }] },
    });
    const { catalogue } = await listAll(connection);
    expect(catalogue.items.map(({ own }) => own)).toEqual(['a', 'b', 'c', 'x://r', 'x://{t}', 'p']);
    expect(catalogue.counts).toEqual({ tools: 3, resources: 1, resourceTemplates: 1, prompts: 1, skipped: 0 });
    expect(asked).toHaveLength(6);
  });

  it('requests only the lists that the capabilities announce', async () => {
    const { connection, asked } = visitOf({ prompts: {} }, { 'prompts/list': { prompts: [] } });
    await listAll(connection);
    expect(asked).toEqual(['prompts/list']);
  });

  it('treats an announced list that the upstream does not know as empty', async () => {
    const { connection } = visitOf({ resources: {} }, { 'resources/list': { resources: [] } });
    expect((await listAll(connection)).catalogue.items).toEqual([]);
  });

  it('fails when a cursor repeats with other items', async () => {
    const { connection } = visitOf(
      { tools: {} },
      {
        'tools/list': { tools: [tool('a')], nextCursor: 'x' },
        'tools/list x': { tools: [tool('b')], nextCursor: 'x' },
      },
    );
    await expect(listAll(connection)).rejects.toMatchObject({ code: 'upstream_protocol_error' });
  });

  it.each([
    ['repeats the page', { tools: [tool('a')], nextCursor: '' }],
    ['is rejected', new HandshakeFailure('upstream_protocol_error')],
    ['is not known', undefined],
  ])('ends with an empty cursor that %s', async (_what, answer) => {
    const { connection } = visitOf({ tools: {} }, { 'tools/list': { tools: [tool('a')], nextCursor: '' } });
    const { request } = connection;
    const listed = listAll({
      ...connection,
      request: async (method, params) => {
        if (params.cursor === undefined) return request(method, params);
        if (answer instanceof Error) throw answer;
        return answer;
      },
    });
    const { catalogue } = await listed;
    expect(catalogue.items.map(({ own }) => own)).toEqual(['a']);
    expect(catalogue.counts).toMatchObject({ tools: 1, skipped: 0 });
  });

  it('fails when the page at another cursor, or the connection, fails', async () => {
    const { connection } = visitOf({ tools: {} }, { 'tools/list': { tools: [], nextCursor: '' } });
    const { request } = connection;
    const failing = (cursor: string, failure: HandshakeFailure): UpstreamConnection => ({
      ...connection,
      request: async (method, params) => {
        if (params.cursor === undefined) return { ...(await request(method, params)), nextCursor: cursor };
        throw failure;
      },
    });
    const rejected = new HandshakeFailure('upstream_protocol_error');
    await expect(listAll(failing('x', rejected))).rejects.toBe(rejected);
    const closed = new HandshakeFailure('upstream_closed');
    await expect(listAll(failing('', closed))).rejects.toBe(closed);
  });

  it('stops at 1,000 items and reports it, without requesting the rest', async () => {
    const page = (from: number): JsonObject => ({
      tools: Array.from({ length: 500 }, (_, index) => tool(`t${from + index}`)),
      nextCursor: String(from + 500),
    });
    const { connection, asked } = visitOf({ tools: {} }, { 'tools/list': page(0), 'tools/list 500': page(500) });
    const { catalogue } = await listAll(connection);
    expect(catalogue.counts).toMatchObject({ tools: 1000, skipped: 1 });
    expect(catalogue.skipped).toEqual([{ kind: 'tool', index: 1000, reason: 'too_many' }]);
    expect(asked).toHaveLength(2);
  });

  it('calls lists public only when every page does; the scope is unknown in the legacy era', async () => {
    const scoped = (scope: string): Record<string, JsonObject> => ({
      'tools/list': { tools: [], cacheScope: 'public' },
      'prompts/list': { prompts: [], cacheScope: scope },
    });
    const capabilities = { tools: {}, prompts: {} };
    const scopeIn = async (era: 'legacy' | 'modern', scope: string) =>
      (await listAll(visitOf(capabilities, scoped(scope), era).connection)).listScope;
    expect(await scopeIn('modern', 'public')).toBe('public');
    expect(await scopeIn('modern', 'private')).toBe('private');
    expect(await scopeIn('legacy', 'public')).toBe('unknown');
  });
});
