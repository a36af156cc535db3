// What a bridge, as it is packed, adds to a call, and what it takes of the machine while it does nothing: `npm run bench:bridge`.
// Fails if it is more than the budget. Memory is what Linux counts: resident pages, of which those of the Node.js program are
// shared by all processes that run it, and anonymous pages, which each further bridge needs for itself.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { startProxies } from '../../support/proxies.js';
import { MODERN_FACTS, tool } from '../../support/published-routes.js';
import { servedBy } from '../../support/calls.js';
import { startScriptedUpstream } from '../../support/upstreams/scripted-upstream.js';

const CALLS = 2_000;
const ROUNDS = 5;
/** The most that is accepted of each measurement. */
const BUDGET = { firstLineMs: 1_000, addedP50Ms: 1, idleMiB: 60, ownIdleMiB: 30, ownIdleAfterCallsMiB: 60 };
const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'echo',
};

function call(id: number): string {
  const params = { name: 'echo', arguments: { text: 'hi' }, _meta: META };
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function timesOf(work: (id: number) => Promise<string>): Promise<number[]> {
  const times: number[] = [];
  for (let id = 1; id <= CALLS; id += 1) {
    const began = performance.now();
    const answer = await work(id);
    times.push(performance.now() - began);
    if (!answer.includes('"hi"')) throw new Error(answer);
  }
  return times;
}

const upstream = await startScriptedUpstream(({ reply }) =>
  reply({ resultType: 'complete', content: [{ type: 'text', text: 'hi' }] }),
);
const proxies = await startProxies(1);
await proxies.routes.publish({
  slug: 'bench',
  gateways: [{ slug: 'up', url: upstream.url, items: [tool('echo')], facts: MODERN_FACTS }],
});
await Promise.all(proxies.replicas.map(({ url }) => servedBy(url, 'bench')));
const url = `${proxies.replicas[0]?.url}/servers/bench/mcp`;

const agent = new Agent({ keepAlive: true });
const direct = async (id: number): Promise<string> => {
  const sent = request(url, { method: 'POST', headers: HEADERS, agent });
  sent.end(call(id));
  const [response] = (await once(sent, 'response')) as [NodeJS.ReadableStream];
  return text(response);
};

const began = performance.now();
const program = process.argv[2] ?? 'dist/bench/lethe/bin/lethe.mjs';
const bridge = spawn(process.execPath, [program, 'bridge', url], {
  env: { PATH: process.env.PATH, HOME: '/nonexistent' },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: bridge.stdout })[Symbol.asyncIterator]();
const bridged = async (id: number): Promise<string> => {
  bridge.stdin.write(`${call(id)}\n`);
  return String((await lines.next()).value);
};
const memory = async (): Promise<{ residentMiB: number; ownMiB: number }> => {
  const status = await readFile(`/proc/${bridge.pid}/status`, 'utf8');
  const of = (name: string): number => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { residentMiB: of('VmRSS'), ownMiB: of('RssAnon') };
};

await bridged(0);
const firstLineMs = performance.now() - began;
await pause(1_000);
const idle = await memory();
const rows: { direct: number; bridge: number }[] = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const row = { direct: median(await timesOf(direct)), bridge: median(await timesOf(bridged)) };
  // The first round warms both up.
  if (round > 0) rows.push(row);
}
await pause(1_000);
const p50 = (name: 'direct' | 'bridge'): number => median(rows.map((row) => row[name]));
const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
const afterCalls = await memory();
const measured = {
  firstLineMs: Math.round(firstLineMs),
  directP50Ms: rounded(p50('direct')),
  bridgeP50Ms: rounded(p50('bridge')),
  addedP50Ms: rounded(p50('bridge') - p50('direct')),
  idleMiB: idle.residentMiB,
  ownIdleMiB: idle.ownMiB,
  idleAfterCallsMiB: afterCalls.residentMiB,
  ownIdleAfterCallsMiB: afterCalls.ownMiB,
};
console.log(measured);
const over = (['firstLineMs', 'addedP50Ms', 'idleMiB', 'ownIdleMiB', 'ownIdleAfterCallsMiB'] as const).filter(
  (name) => !(measured[name] <= BUDGET[name]),
);
for (const name of over) console.error(`${name} is over its budget of ${BUDGET[name]}`);
bridge.kill();
process.exit(over.length > 0 ? 1 : 0);
