import { randomBytes } from 'node:crypto';
import { type CatalogueItem, GatewayVerificationFailed, GatewayVerified } from '@lethe/contracts';
import { catalogueDigest } from '@lethe/sealing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startConformanceUpstream } from '../conformance/upstream/conformance-upstream.js';
import { verifies } from '../requirements.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import {
  dualScript,
  type DualScript,
  type EraScript,
  startEverythingUpstream,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const TOKEN = randomBytes(32).toString('base64url');

let harness: ConnectorHarness;
const upstreams: Upstream[] = [];
beforeAll(async () => {
  harness = await startConnectorHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

async function visit(upstream: Upstream) {
  upstreams.push(upstream);
  const order = harness.registry.order(upstream.url);
  const { event, items, receipt } = await harness.registry.verify(order, { scheme: 'bearer', token: TOKEN });
  return { event, items, receipt, upstream };
}

async function verified(upstream: Upstream) {
  const { event, ...found } = await visit(upstream);
  if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);
  expect(catalogueDigest(event.facts, found.items)).toBe(event.digest);
  expect(sessionsLeftOpen(upstream)).toBe(0);
  return { event, ...found };
}

/** How many sessions were opened and not ended: their ids are those of messages and of `DELETE`. */
function sessionsLeftOpen({ received }: Upstream): number {
  const withId = received.filter(({ headers }) => headers['mcp-session-id'] !== undefined);
  const initialized = withId.filter(({ method }) => method === 'POST').map(({ headers }) => headers['mcp-session-id']);
  const ended = withId.filter(({ method }) => method === 'DELETE').map(({ headers }) => headers['mcp-session-id']);
  return initialized.filter((id) => !ended.includes(id)).length;
}

const scripted = async (script: DualScript) => verified(await startScriptedUpstream(dualScript(script)));

const tool = (name: string, more: object = {}) => ({ name, inputSchema: { type: 'object' }, ...more });
const tools = (...list: object[]): EraScript => {
  const results = { 'tools/list': { tools: list } };
  return () => results;
};
/** Each item by its name, without its definition. */
const marks = (items: CatalogueItem[]) =>
  Object.fromEntries(items.map(({ own, kind: _kind, definition: _definition, ...rest }) => [own, rest]));

describe('a handshake with a server of both eras', () => {
  it('finds both, and every item once', async () => {
    verifies('eras.verified');
    const { event, items, receipt } = await verified(await startConformanceUpstream('both'));
    const { otherEra } = event.facts;
    expect(event.facts).toMatchObject({ era: 'modern', protocolVersion: '2026-07-28', sessionful: false });
    expect(otherEra).toMatchObject({ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true });
    expect(otherEra?.sessionIdBytes).toBe(36);
    expect(otherEra).not.toHaveProperty('transport');
    expect(receipt.facts?.otherEra).toEqual({
      ...{ era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, listScope: 'unknown' },
    });
    expect(event.warnings).toEqual([]);
    expect(new Set(items.map(({ kind, own }) => `${kind} ${own}`)).size).toBe(items.length);
    expect(items.every(({ onlyIn }) => onlyIn === undefined)).toBe(true);
  });

  it('keeps both definitions where they differ, and says which items are in one era only', async () => {
    const { event, items } = await scripted({
      modern: tools(tool('same'), tool('differs', { title: 'new' }), tool('new')),
      legacy: tools(tool('old'), tool('differs', { title: 'old' }), tool('same')),
    });
    expect(items.map(({ own }) => own)).toEqual(['same', 'differs', 'new', 'old']);
    expect(items[1]?.definition['title']).toBe('new');
    expect(marks(items)).toEqual({
      ...{ same: {}, new: { onlyIn: 'modern' }, old: { onlyIn: 'legacy' } },
      differs: { legacyDefinition: tool('differs', { title: 'old' }) },
    });
    expect(event.counts).toMatchObject({ tools: 4, skipped: 0 });
  });

  it('takes an item that one era forbids from the other one, and reports what neither allows', async () => {
    const { event, items } = await scripted({
      modern: tools(tool('list', { outputSchema: { type: 'array' } }), { name: 'broken' }),
      legacy: tools({ name: 'broken' }, tool('list', { outputSchema: { type: 'array' } }), { name: 'also' }),
    });
    expect(marks(items)).toEqual({ list: { onlyIn: 'modern' } });
    expect(event.skipped).toEqual([
      { kind: 'tool', index: 1, reason: 'malformed' },
      { kind: 'tool', index: 2, reason: 'malformed', era: 'legacy' },
    ]);
  });
});

describe('an era that is not served', () => {
  it.each([
    ['it is not spoken', { modern: tools(tool('a')) }, 'modern'],
    ['neither is this one', { legacy: tools(tool('a')) }, 'legacy'],
  ] as const)('is not mentioned: %s', async (_why, script, era) => {
    const { event } = await scripted(script);
    expect(event).toMatchObject({ facts: { era }, warnings: [] });
    expect(event.facts).not.toHaveProperty('otherEra');
  });

  it.each([
    ['modern', 503, 'upstream_http_error'],
    ['legacy', 503, 'upstream_http_error'],
    ['legacy', 401, 'credential_rejected'],
    ['legacy', 429, 'upstream_http_error'],
  ] as const)('has failed: %s with status %s', async (era, status, why) => {
    verifies('eras.warned');
    const { event } = await scripted({
      ...{ modern: tools(tool('a')), legacy: tools(tool('a')) },
      before: ({ response }, asked) => asked === era && Boolean(response.writeHead(status).end()),
    });
    expect(event.facts.era).not.toBe(era);
    expect(event.facts).not.toHaveProperty('otherEra');
    expect(event.warnings).toEqual([{ code: 'era_failed', era, why, httpStatus: status }]);
  });

  it('has failed: what it says of itself in the modern era can’t be read', async () => {
    verifies('eras.warned');
    const discovered = { 'server/discover': { supportedVersions: ['2026-07-28'], capabilities: { tools: 7 } } };
    const broken: DualScript = { modern: () => discovered, legacy: tools(tool('a')) };
    const { event } = await scripted(broken);
    expect(event).toMatchObject({ facts: { era: 'legacy' } });
    expect(event.warnings).toMatchObject([{ code: 'era_failed', era: 'modern', why: 'upstream_protocol_error' }]);
    const alone = await visit(await startScriptedUpstream(dualScript({ modern: () => discovered })));
    expect(alone.event).toMatchObject({ code: 'upstream_protocol_error' });
  });

  it('has failed: its facts do not fit beside those of the first one', async () => {
    const { event } = await scripted({
      modern: tools(tool('a')),
      legacy: () => ({ capabilities: { extensions: { x: { y: 'z'.repeat(97 * 1024) } } }, ...tools(tool('a'))({}) }),
    });
    expect(event.facts).not.toHaveProperty('otherEra');
    expect(event.warnings).toEqual([{ code: 'era_failed', era: 'legacy', why: 'upstream_too_large' }]);
  });

  it('fails the verification where the first request is rejected', async () => {
    const reject: DualScript = { before: ({ response }) => Boolean(response.writeHead(401).end()) };
    const { event, upstream } = await visit(await startScriptedUpstream(dualScript(reject)));
    expect(event).toBeInstanceOf(GatewayVerificationFailed);
    expect(event).toMatchObject({ code: 'credential_rejected' });
    expect(upstream.received).toHaveLength(1);
  });

  /** FastMCP 4.2.3 as a proxy of an older server: no error, and nothing in any list. */
  it('lists nothing where the other one has items', async () => {
    verifies('eras.warned');
    const { event, items } = await scripted({ modern: tools(), legacy: tools(tool('a')) });
    expect(event.facts.era).toBe('legacy');
    expect(event.facts).not.toHaveProperty('otherEra');
    expect(event.warnings).toEqual([{ code: 'era_empty', era: 'modern' }]);
    expect(marks(items)).toEqual({ a: {} });
  });

  it('is both where no list has an item: the warning says which lists were requested', async () => {
    const { event } = await scripted({ modern: tools(), legacy: tools() });
    const methods = ['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'];
    const requested = [
      { era: 'modern', methods },
      { era: 'legacy', methods },
    ];
    expect(event.warnings).toEqual([{ code: 'catalogue_empty', requested }]);
    expect(event.facts).toMatchObject({ era: 'modern', otherEra: { era: 'legacy' } });
  });
});

describe('items that depend on client capabilities', () => {
  /** @modelcontextprotocol/server-everything 2026.8.31. */
  it('are found at the reference server: 13 tools for everyone, 17 for a client that can be asked', async () => {
    verifies('eras.conditional');
    const { event, items } = await verified(await startEverythingUpstream({ token: TOKEN }));
    expect(event).toMatchObject({ counts: { tools: 17 }, warnings: [] });
    expect(items.filter(({ kind, needs }) => kind === 'tool' && !needs)).toHaveLength(13);
    const conditional = items.filter(({ needs }) => needs).map(({ own, needs }) => [own, needs]);
    expect(Object.fromEntries(conditional)).toEqual({
      'get-roots-list': ['roots'],
      'trigger-elicitation-request': ['elicitation'],
      'trigger-url-elicitation': ['elicitation.url'],
      'trigger-sampling-request': ['sampling'],
    });
  });

  it('are found in each era, and need everything where no capability alone shows them', async () => {
    const lists: EraScript = ({ roots, sampling, elicitation }) => ({
      'tools/list': { tools: [tool('plain'), ...(roots && sampling && elicitation ? [tool('all')] : [])] },
      'prompts/list': { prompts: sampling ? [{ name: 'sampled' }] : [] },
    });
    const { items, event } = await scripted({ modern: lists, legacy: lists });
    expect(event.warnings).toEqual([]);
    expect(marks(items)).toEqual({
      plain: {},
      all: { needs: ['roots', 'sampling', 'elicitation', 'elicitation.url'] },
      sampled: { needs: ['sampling'] },
    });
  });

  it('are looked for by a client that declines what it is asked', async () => {
    const answers: unknown[] = [];
    let send: (() => void) | undefined;
    const { items } = await scripted({
      legacy: ({ roots }) => ({ 'tools/list': { tools: [tool('plain'), ...(roots ? [tool('rooted')] : [])] } }),
      before: ({ message, request, response }, era) => {
        const isAnswer = message.method === undefined && message.id !== undefined;
        if (isAnswer) {
          answers.push(message);
          response.writeHead(202).end();
          if (answers.length % 3 === 0) send?.();
          return true;
        }
        const declared = Buffer.from(String(request.headers['mcp-session-id']), 'base64url').toString();
        if (era === 'modern' || message.method !== 'tools/list' || !declared.includes('roots')) return false;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const write = (body: object): unknown =>
          response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...body })}\n\n`);
        for (const method of ['roots/list', 'elicitation/create', 'sampling/createMessage'])
          write({ id: method, method });
        const result = { tools: [tool('plain'), tool('rooted')] };
        send = () => void (write({ id: message.id, result }), response.end());
        return true;
      },
    });
    expect(marks(items)).toEqual({ plain: {}, rooted: { needs: ['roots'] } });
    expect(answers.slice(0, 3)).toEqual(
      expect.arrayContaining([
        { jsonrpc: '2.0', id: 'roots/list', result: { roots: [] } },
        { jsonrpc: '2.0', id: 'elicitation/create', result: { action: 'decline' } },
        expect.objectContaining({ id: 'sampling/createMessage', error: expect.objectContaining({ code: -32601 }) }),
      ]),
    );
  });

  it('are missing with a warning where the server fails for such clients', async () => {
    const { event, items } = await scripted({
      legacy: tools(tool('plain')),
      before: ({ message, response }) =>
        JSON.stringify(message.params?.['capabilities'] ?? '').includes('sampling') &&
        Boolean(response.writeHead(500).end()),
    });
    expect(marks(items)).toEqual({ plain: {} });
    expect(event.warnings).toEqual([
      { code: 'conditional_failed', era: 'legacy', why: 'upstream_http_error', httpStatus: 500 },
    ]);
  });
});

describe('a credential that a server of both eras prints', () => {
  const spill = { description: `I saw ${TOKEN}` };
  const plain = tools(tool('a'));

  it.each<[string, DualScript]>([
    ['/items/0/legacyDefinition/description', { modern: plain, legacy: tools(tool('a', spill)) }],
    ['/items/1/definition/description', { modern: plain, legacy: tools(tool('a'), tool('b', spill)) }],
    [
      '/items/1/definition/description',
      {
        modern: ({ roots }) => ({ 'tools/list': { tools: roots ? [tool('a'), tool('b', spill)] : [tool('a')] } }),
        legacy: plain,
      },
    ],
    [
      '/facts/otherEra/capabilities/extensions/x/y',
      {
        modern: plain,
        legacy: () => ({ capabilities: { extensions: { x: { y: TOKEN } } }, ...plain({}) }),
      },
    ],
  ])('is found at %s', async (pointer, script) => {
    const { event } = await visit(await startScriptedUpstream(dualScript(script)));
    expect(event).toMatchObject({ code: 'upstream_reflects_credential', pointer });
  });
});
