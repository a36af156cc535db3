import { text } from 'node:stream/consumers';
import { readSettings } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { tool } from '../support/published-routes.js';
import { type Aim, Mutations } from '../support/raw-http/mutations.js';
import { type Exchange, sendRaw } from '../support/raw-http/send-raw.js';
import { valuesOf } from '../support/raw-http/strict-requests.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';

/** `npm run fuzz:http` sends many more, with another seed each time. */
const COUNT = Number(process.env['MUTATIONS'] ?? 750);
const SEED = Number(process.env['MUTATIONS_SEED'] ?? 1);
/** Connections at the same time. */
const LANES = 8;

/** What the upstream got of one call. */
interface Carried {
  answer: string;
  body: string;
  credential: string | undefined;
}

describe.each(HTTP_ENGINES)(`raw requests with mutations (%s, seed ${SEED})`, (_name, env) => {
  let proxies: Proxies;
  let origin: string;
  let close = async (): Promise<void> => undefined;
  const log: string[] = [];
  let calls = 0;
  /** By the lane whose connection was open. */
  const carried = new Map<string, Carried[]>();

  beforeAll(async () => {
    proxies = await startProxies(0);
    const upstream = await listenOnLoopback((request, response) => {
      void text(request).then((body) => {
        const answer = `answer-${++calls}`;
        const { authorization } = request.headers;
        carried.get(request.url ?? '')?.push({ answer, body, credential: authorization });
        const { id } = JSON.parse(body) as { id: number };
        const result = { content: [{ type: 'text', text: answer }] };
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, result }));
      });
    });
    const settings = readSettings({ LETHE_HOME: proxies.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'warn', ...env });
    const output = { write: (line: string) => void log.push(line) };
    const { broker, trust } = proxies;
    const proxy = await startProxy({ settings, bus: { broker, service: 'proxy' }, trust, output });
    origin = proxy.url;
    for (let lane = 0; lane < LANES; lane++) {
      const gateway = { slug: 'up', url: `${upstream.origin}/${slugOf(lane)}`, items: [tool('echo')] };
      await proxies.routes.publish({ slug: slugOf(lane), gateways: [gateway] });
      await servedBy(origin, slugOf(lane));
    }
    close = async () => {
      await proxy.close();
      await upstream.close();
      await proxies.close();
    };
  });
  afterAll(() => close());

  /** So many times the same letter that no mutation makes one slug of another. */
  const slugOf = (lane: number): string => String.fromCharCode(97 + lane).repeat(12);

  async function problemsIn(lane: number): Promise<string[]> {
    const slug = slugOf(lane);
    const problems: string[] = [];
    for (let n = lane; n < COUNT && problems.length < 5; n += LANES) {
      const got: Carried[] = [];
      carried.set(`/${slug}`, got);
      const aim: Aim = { path: `/servers/${slug}/mcp`, host: new URL(origin).host, mark: `m${n}` };
      const exchange = await sendRaw(origin, new Mutations(SEED * 1_000_003 + n, aim).make());
      const problem = problemOf(exchange, got);
      if (problem !== undefined) problems.push(`${n}: ${problem}\n${shown(exchange, got)}`);
    }
    return problems;
  }

  it(`are understood by the proxy as the upstream gets them, and every call is answered: ${COUNT}`, async () => {
    verifies('http.understood-as-sent');
    const problems = await Promise.all(Array.from({ length: LANES }, (_, lane) => problemsIn(lane)));
    expect(problems.flat()).toEqual([]);
    expect(log).toEqual([]);
    // Most mutations leave a call, or one beside it, as it was.
    expect(calls).toBeGreaterThan(COUNT / 4);
  }, 3_600_000);
});

function problemOf({ reading, responses, isStuck }: Exchange, calls: Carried[]): string | undefined {
  if (isStuck) return 'neither an answer nor an end';
  let next = 0;
  for (const { answer, body, credential } of calls) {
    next = reading.requests.findIndex((request, n) => n >= next && request.body.toString() === body) + 1;
    const request = reading.requests[next - 1];
    if (!request) return 'the upstream got what nobody sent';
    const sent = valuesOf(request, 'x-upstream-up-authorization');
    if (sent.length > 1 || sent[0] !== credential) return 'the upstream got another credential';
    if (!responses[next - 1]?.body.includes(answer)) return `the client did not get ${answer}`;
  }
  const isRefused = responses.some(({ status, head }) => status >= 400 || /^connection: close$/im.test(head));
  if (!isRefused && responses.length < reading.requests.length) return 'a request without an answer';
  if (!isRefused && reading.end === 'bad') return 'no word about what is no request';
  return undefined;
}

function shown({ sent, reading, responses }: Exchange, calls: Carried[]): string {
  const parts = {
    sent: sent.pieces.map((piece) => piece.toString('latin1')),
    requests: reading.requests.length,
    end: reading.end,
    responses: responses.map(({ status, body }) => `${status} ${body.slice(0, 120)}`),
    calls: calls.map(({ answer, body }) => `${answer} ${body}`),
  };
  return JSON.stringify(parts, null, 1);
}
