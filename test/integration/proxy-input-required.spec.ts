import { beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { answersForms, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { envelope, modern } from '../support/proxy/rpc.js';
import { tool } from '../support/published-routes.js';
import {
  legacyScript,
  startEverythingUpstream,
  type ScriptedExchange,
  type Upstream,
} from '../support/upstreams/index.js';
import { verifies } from '../requirements.js';

type Client = Awaited<ReturnType<typeof connectModern>>;
const FORM = {
  name: 'Ada',
  check: true,
  email: 'a@b.example',
  homepage: 'https://a.example',
  birthdate: '1815-12-10',
  integer: 42,
  number: 3.5,
  untitledSingleSelectEnum: 'Monica',
};

describeProxies('input requests of a legacy upstream to modern clients', 2, (suite) => {
  const { proxies, keep, startUpstream } = suite;
  let everything: Upstream;

  const endpoint = (slug: string): string => `${proxies.url}/servers/${slug}/mcp`;

  beforeAll(async () => {
    everything = keep(await startEverythingUpstream({ token: 'theirs' }));
    const names = [
      'trigger-elicitation-request',
      'trigger-sampling-request',
      'trigger-url-elicitation',
      'get-roots-list',
    ];
    await publish('everything', everything.url, [...names, 'echo']);
  });

  async function publish(slug: string, url: string, tools: string[]) {
    const gateway = { slug, url, items: tools.map(tool), facts: { sessionful: true } };
    await suite.publish({ slug, gateways: [gateway], shortForm: { Authorization: slug }, eras: 'both' });
  }

  const connect = (prepare: (client: Client) => void) =>
    connectModern(endpoint('everything'), { 'x-upstream-authorization': 'Bearer theirs' }, prepare);

  it('bring a form in the middle of a call', async () => {
    verifies('eras.server-requests');
    const before = everything.received.length;
    const client = await connect(answersForms(FORM));
    const answer = await client.callTool({ name: 'trigger-elicitation-request', arguments: {} });
    expect(JSON.stringify(answer.content)).toContain('Ada');
    const methods = (): string[] => everything.received.slice(before).map(({ method }) => method);
    // initialize, initialized, the call; the answer, the rest of the call, the session's end.
    await eventually(() => expect(methods()).toEqual(['POST', 'POST', 'POST', 'POST', 'GET', 'DELETE']));
    const sent = everything.received.slice(before);
    expect(new Set(sent.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer theirs']));
    await client.close();
  });

  it('bring sampling, and URLs to open, from a request or an error', async () => {
    const urls: string[] = [];
    const client = await connect((one) => {
      one.registerCapabilities({ sampling: {}, elicitation: { url: {} } });
      const content = { type: 'text' as const, text: 'sampled words' };
      one.setRequestHandler('sampling/createMessage', () => ({ model: 'm', role: 'assistant' as const, content }));
      one.setRequestHandler('elicitation/create', ({ params }) => {
        if (params.mode === 'url') urls.push(params.url);
        return { action: 'accept' };
      });
    });
    const sampled = await client.callTool({ name: 'trigger-sampling-request', arguments: { prompt: 'say' } });
    expect(JSON.stringify(sampled.content)).toContain('sampled words');
    for (const errorPath of [false, true]) {
      const given = { url: 'https://open.example/me', elicitationId: `e-${errorPath}`, errorPath };
      const opened = await client.callTool({ name: 'trigger-url-elicitation', arguments: given });
      expect(opened.isError).not.toBe(true);
    }
    // The server's error names one more page of its own.
    expect(urls.filter((url) => url === 'https://open.example/me')).toHaveLength(2);
    await client.close();
  });

  it('are repeated when the response is missing, and refuse the request state of another call', async () => {
    const offered = { elicitation: { form: {} } };
    const call = (params: object, name = 'trigger-elicitation-request') => raw('everything', name, params, offered);
    const asked = await call({});
    const { requestState, inputRequests } = asked.body.result as unknown as Record<string, object>;
    expect(inputRequests).toMatchObject({ input: { method: 'elicitation/create', params: { requestedSchema: {} } } });
    const again = await call({ requestState });
    expect(again.body.result).toMatchObject({ resultType: 'input_required', inputRequests });
    const inputResponses = { input: { action: 'decline' } };
    for (const [state, name] of [[requestState, 'echo'], ['v1.x.y']] as const) {
      const refused = await call({ requestState: state, inputResponses }, name);
      expect(refused).toMatchObject({
        status: 400,
        body: { error: { code: -32602, data: { member: 'requestState' } } },
      });
    }
    const done = await call({ requestState, inputResponses });
    expect(JSON.stringify(done.body.result.content)).toContain('declined');
  });

  it('are not offered to an upstream whose streams cannot be resumed', async () => {
    verifies('eras.server-requests');
    const offers: unknown[] = [];
    const refused: unknown[] = [];
    const answers = {
      initialize: ({ message, response }: ScriptedExchange) => {
        offers.push(message.params?.['capabilities']);
        const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'plain', version: '1' } };
        response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': `s-${offers.length}` });
        response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
      },
      '': ({ request, response }: ScriptedExchange) => {
        refused.push(request.headers['mcp-session-id']);
        response.writeHead(202).end();
      },
      'tools/call': async ({ message, response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const event = (data: object): void =>
          void response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...data })}\n\n`);
        event({ id: 'ask', method: 'elicitation/create', params: { message: 'Sure?' } });
        await eventually(() => expect(refused).not.toHaveLength(0));
        event({ id: message.id, result: { content: [] } });
        response.end();
      },
    };
    const plain = await startUpstream((exchange) => {
      if (exchange.request.method === 'POST' && exchange.message.method === undefined) return answers[''](exchange);
      return legacyScript({ answers })(exchange);
    });
    await publish('plain', plain.url, ['ask']);
    const direct = proxies.replicas[0]?.url ?? '';
    for (let call = 0; call < 2; call++) {
      const answer = await raw('plain', 'ask', {}, { elicitation: {} }, direct);
      expect(answer.body.result).toMatchObject({ resultType: 'complete', content: [] });
    }
    expect(offers).toEqual([{ elicitation: {} }, {}, {}]);
  });

  function raw(slug: string, name: string, params: object, capabilities: object, base = proxies.url) {
    const headers = { 'x-upstream-authorization': 'Bearer theirs' };
    const call = { name, arguments: {}, ...params, _meta: envelope(capabilities) };
    return modern(`${base}/servers/${slug}/mcp`, 'tools/call', call, headers);
  }
});
