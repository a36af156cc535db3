import type { BearerHeader, ServerEntry, Step } from './client.js';
import { UPSTREAMS, type UpstreamName, type World } from './world/world.js';

export type CaseName = 'direct' | 'lethe' | 'asks directly' | 'asks through Lethe' | 'header missing' | 'wrong key';

/** One run of a client: the servers it is configured with, what it calls, and the values behind its variables. */
export interface Case {
  name: CaseName;
  servers: ServerEntry[];
  steps: Step[];
  secrets: Record<string, string>;
}

const SUM: Step = {
  server: 'legacy',
  tool: 'get-sum',
  arguments: { a: 2, b: 3 },
  expected: /sum of 2 and 3 is 5/,
};
const toggle = (expected: RegExp): Step => ({
  server: 'legacy',
  tool: 'toggle-simulated-logging',
  arguments: {},
  expected,
});

/** A call of each upstream. The tool that is called twice switches a state of the session on, then off. */
const USE: Step[] = [
  SUM,
  toggle(/Started simulated/),
  toggle(/Stopped simulated/),
  {
    server: 'modern',
    tool: 'salute',
    arguments: { name: 'Ada' },
    expected: /Hello Ada from the modern era/,
  },
  { server: 'many', tool: 'tool-250', arguments: {}, expected: /tool-250 answers/ },
];
/** The steps of `USE` by what they show. */
export const STEP = { legacyCall: 0, stateOn: 1, stateOff: 2, modernCall: 3, lastTool: 4 };

/** Tools that ask the user, by a request of a legacy upstream and by `input_required` of a modern one. */
const ASK: Step[] = [
  { server: 'legacy', tool: 'trigger-elicitation-request', arguments: {}, expected: /Raw result/ },
  { server: 'modern', tool: 'confirm', arguments: { what: 'go on' }, expected: /go on: true/ },
];

const TOKEN = 'UPSTREAM_TOKEN';
const KEY = 'LETHE_KEY';
const own: BearerHeader = { name: 'Authorization', variable: KEY };
const forwarded: BearerHeader = { name: 'X-Upstream-Authorization', variable: TOKEN };

/** The headers of a configuration as the page shows it. */
export const LETHE_HEADERS = [own, forwarded];

export function casesOf({ direct, throughLethe, secrets }: World): Case[] {
  const directly = entries(UPSTREAMS, direct, [{ name: 'Authorization', variable: TOKEN }]);
  const bothEras = UPSTREAMS.filter((name) => name !== 'many');
  const lethe = (names: readonly UpstreamName[], headers = LETHE_HEADERS) => entries(names, throughLethe, headers);
  const good = { [KEY]: secrets.key, [TOKEN]: secrets.token };
  return [
    { name: 'direct', servers: directly, steps: USE, secrets: good },
    { name: 'lethe', servers: lethe(UPSTREAMS), steps: USE, secrets: good },
    { name: 'asks directly', servers: directly.filter(({ name }) => name !== 'many'), steps: ASK, secrets: good },
    { name: 'asks through Lethe', servers: lethe(bothEras), steps: ASK, secrets: good },
    { name: 'header missing', servers: lethe(['legacy'], [own]), steps: [SUM], secrets: good },
    { name: 'wrong key', servers: lethe(['legacy']), steps: [SUM], secrets: { ...good, [KEY]: secrets.wrongKey } },
  ];
}

function entries(
  names: readonly UpstreamName[],
  url: (name: UpstreamName) => string,
  headers: BearerHeader[],
): ServerEntry[] {
  return names.map((name) => ({ name, url: url(name), headers }));
}
