import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { answersForms, connectLegacy, connectModern } from '../support/mcp-clients.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { addInputRequiredTools, startEverythingUpstream, startModernUpstream } from '../support/upstreams/index.js';

const FORM = { name: 'Ada', check: true };
const OPENED = { url: 'https://open.example/me', elicitationId: 'e-1' };

describeProxies('an elicitation, through two proxies', 2, ({ proxies, keep, publish, startUpstream }) => {
  beforeAll(async () => {
    const [everything, modern, long] = await Promise.all([
      startEverythingUpstream({}).then(keep),
      startModernUpstream({ name: 'modern', extend: addInputRequiredTools }).then(keep),
      startUpstream(({ response, message }) => {
        const result = { resultType: 'complete', content: [{ type: 'text', text: 'inputRequests '.repeat(50_000) }] };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ result, jsonrpc: '2.0', id: message.id }));
      }),
    ]);
    const facts = MODERN_FACTS;
    const asks = ['trigger-elicitation-request', 'trigger-url-elicitation'].map(tool);
    const gateways: GatewayDraft[] = [
      { slug: 'old', name: 'The old one', url: everything.url, items: asks, facts: { sessionful: true } },
      { slug: 'new', name: 'The "new" one', url: modern.url, items: [tool('confirm')], facts },
      { slug: 'long', url: long.url, items: [tool('long')], facts },
    ];
    await publish({ slug: 'three', gateways, eras: 'both' });
    for (const gateway of gateways) {
      await publish({ slug: `only-${gateway.slug}`, gateways: [gateway], eras: 'both' });
    }
  });

  const endpoint = (slug: string): string => `${proxies.url}/servers/${slug}/mcp`;

  /** A client that remembers what its person was asked. */
  async function legacyClient(slug: string, asked: string[]) {
    return connectLegacy(endpoint(slug), {}, { elicitation: { form: {}, url: {} } }, (one) => {
      one.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        asked.push(params.message);
        return { action: 'accept', ...(params.mode !== 'url' && { content: FORM }) };
      });
    });
  }

  async function modernClient(slug: string, asked: string[]) {
    return connectModern(endpoint(slug), {}, (one) => {
      answersForms(FORM)(one);
      one.registerCapabilities({ elicitation: { form: {}, url: {} } });
      one.setRequestHandler('elicitation/create', ({ params }) => {
        asked.push(params.message);
        const content = params.message.includes('Really') ? { sure: true } : FORM;
        return { action: 'accept', ...(params.mode !== 'url' && { content }) };
      });
    });
  }

  it('names its upstream to a legacy client: in form mode, in URL mode, and in a URL elicitation error', async () => {
    verifies('elicitation.names-the-gateway');
    const asked: string[] = [];
    const client = await legacyClient('three', asked);
    await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    await client.callTool({ name: 'trigger-url-elicitation', arguments: { ...OPENED, errorPath: false } });
    expect(asked).toHaveLength(2);
    for (const message of asked) expect(message).toMatch(/^\[The old one\] \S/);
    const refused = client.callTool({ name: 'trigger-url-elicitation', arguments: { ...OPENED, errorPath: true } });
    const { data } = await refused.then(
      () => ({ data: undefined }),
      (error: unknown) => error as { data?: { elicitations: { message: string; url: string }[] } },
    );
    // The server names a page of its own.
    expect(data?.elicitations).not.toHaveLength(0);
    expect(data).toBeDefined();
    for (const { message } of data?.elicitations ?? []) expect(message).toMatch(/^\[The old one\] \S/);
    await client.close();
  });

  it('names its upstream to a modern client, whichever era the upstream has', async () => {
    verifies('elicitation.names-the-gateway');
    const asked: string[] = [];
    const client = await modernClient('three', asked);
    const confirmed = await client.callTool({ name: 'confirm', arguments: { what: 'go' } });
    // The state and the answer come back to the upstream as they were.
    expect(confirmed.content).toEqual([{ type: 'text', text: 'go: true, state of go' }]);
    expect(asked.splice(0)).toEqual(['[The "new" one] Really go?']);
    await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    for (const errorPath of [false, true]) {
      await client.callTool({ name: 'trigger-url-elicitation', arguments: { ...OPENED, errorPath } });
    }
    expect(asked.length).toBeGreaterThanOrEqual(3);
    for (const message of asked) expect(message).toMatch(/^\[The old one\] \S/);
    await client.close();
  });

  it('is unchanged where the virtual server has one gateway only', async () => {
    const asked: string[] = [];
    const old = await legacyClient('only-old', asked);
    await old.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    const now = await modernClient('only-new', asked);
    await now.callTool({ name: 'confirm', arguments: { what: 'go' } });
    const across = await modernClient('only-old', asked);
    await across.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(asked).toHaveLength(3);
    for (const message of asked) expect(message).not.toMatch(/^\[/);
    await Promise.all([old.close(), now.close(), across.close()]);
  });

  it('that a client allows does not change a long result', async () => {
    const client = await modernClient('three', []);
    const { content } = await client.callTool({ name: 'long' });
    expect(content).toEqual([{ type: 'text', text: 'inputRequests '.repeat(50_000) }]);
    await client.close();
  });
});
