import type { BearerHeader, ServerEntry, Step } from './client.js';
import { UPSTREAMS, type UpstreamName, type World } from './world/world.js';

/** How a client is configured in a case. */
export type CaseName =
  'bridge' | 'direct' | 'lethe' | 'asks directly' | 'asks through Lethe' | 'header missing' | 'wrong key';

/** One run of a client: the servers it is configured with, what it calls, and the values behind its variables. */
export interface Case {
  name: CaseName;
  servers: ServerEntry[];
  steps: Step[];
  secrets: Record<string, string>;
}

/** A call of each upstream. The tool that is called twice switches a state of the session on, then off. */
export const STEPS = {
  legacyCall: step('legacy', 'get-sum', /sum of 2 and 3 is 5/, { a: 2, b: 3 }),
  stateOn: step('legacy', 'toggle-simulated-logging', /Started simulated/),
  stateOff: step('legacy', 'toggle-simulated-logging', /Stopped simulated/),
  modernCall: step('modern', 'salute', /Hello Ada from the modern era/, { name: 'Ada' }),
  lastTool: step('many', 'tool-250', /tool-250 answers/),
  /** Tools that ask the user: by a request of a legacy upstream, and by `input_required` of a modern one. */
  legacyAsks: step('legacy', 'trigger-elicitation-request', /Raw result/),
  modernAsks: step('modern', 'ask-name', /You answered/),
};
const USE = ['legacyCall', 'stateOn', 'stateOff', 'modernCall', 'lastTool'] as const;
const ASK = ['legacyAsks', 'modernAsks'] as const;

const TOKEN = 'UPSTREAM_TOKEN';
const KEY = 'LETHE_KEY';
const own: BearerHeader = { name: 'Authorization', variable: KEY };
const forwarded: BearerHeader = { name: 'X-Upstream-Authorization', variable: TOKEN };

/** The headers of a configuration as the page shows it. */
export const LETHE_HEADERS = [own, forwarded];

/** One run in which the client starts a bridge for each virtual server. No header is in its configuration. */
export function bridgeCase({ throughLethe, secrets }: World): Case {
  const tokens = UPSTREAMS.map((upstream) => [`${upstream.toUpperCase()}_TOKEN`, secrets.token] as const);
  const servers = UPSTREAMS.map((upstream) => {
    const forGateway = { name: `X-Upstream-${upstream}-Authorization`, variable: `${upstream.toUpperCase()}_TOKEN` };
    return { name: upstream, url: throughLethe(upstream), headers: [own, forGateway], isBridge: true };
  });
  const calls = USE.map((each) => STEPS[each]);
  return { name: 'bridge', servers, steps: calls, secrets: { [KEY]: secrets.key, ...Object.fromEntries(tokens) } };
}

/** Direct, each upstream has a run of its own: some agents give up altogether when one of their servers refuses them. */
export function casesOf({ direct, throughLethe, secrets }: World): Case[] {
  const good = { [KEY]: secrets.key, [TOKEN]: secrets.token };
  const directly = (name: CaseName, upstream: UpstreamName, steps: readonly (keyof typeof STEPS)[]): Case => ({
    name,
    servers: [{ name: upstream, url: direct(upstream), headers: [{ name: 'Authorization', variable: TOKEN }] }],
    steps: steps.map((each) => STEPS[each]).filter(({ server }) => server === upstream),
    secrets: good,
  });
  const lethe = (
    name: CaseName,
    steps: readonly (keyof typeof STEPS)[],
    headers = LETHE_HEADERS,
    values: Record<string, string> = good,
  ): Case => {
    const calls = steps.map((each) => STEPS[each]);
    const used = UPSTREAMS.filter((upstream) => calls.some(({ server }) => server === upstream));
    const servers = used.map((upstream) => ({ name: upstream, url: throughLethe(upstream), headers }));
    return { name, servers, steps: calls, secrets: values };
  };
  return [
    ...UPSTREAMS.map((upstream) => directly('direct', upstream, USE)),
    lethe('lethe', USE),
    ...(['legacy', 'modern'] as const).map((upstream) => directly('asks directly', upstream, ASK)),
    lethe('asks through Lethe', ASK),
    lethe('header missing', ['legacyCall'], [own]),
    lethe('wrong key', ['legacyCall'], LETHE_HEADERS, { ...good, [KEY]: secrets.wrongKey }),
  ];
}

function step(server: UpstreamName, tool: string, expected: RegExp, given: Step['arguments'] = {}): Step {
  return { server, tool, arguments: given, expected };
}
