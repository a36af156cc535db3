import type { JsonValue } from '@lethe/contracts';
import { cellsOf, type ComparedCell, versionOf } from '../../../support/real-servers/cells.js';
import type { Difference } from '../../../support/real-servers/differences.js';
import { probeTable } from '../../../support/real-servers/probe-table.js';
import type { ServerFindings } from '../run-server.js';
import { type Aspect, ASPECTS, defectsOf, MARKS, markOf } from './aspects.js';

/** A value in the list of differences is not longer than this. */
const MAX_VALUE = 60;

/** The page docs/compatibility-servers.md. */
export function pageOf(findings: readonly ServerFindings[], today: string, failed: readonly string[]): string {
  const cells = findings.map((one) => ({ ...one, cells: cellsOf(one.comparisons, one.probe) }));
  return [
    '# Compatibility: servers',
    `Measured on ${today} by \`npm run lab:servers\`, which writes this page: it installs each server with exactly this version,`,
    'starts it on loopback, registers it at an embedded Lethe, and lets three clients ask the same directly and through',
    'Lethe: `legacy` is `@modelcontextprotocol/sdk` 1.32.2; `auto` and `pinned` are `@modelcontextprotocol/client` 2.4.0,',
    'which begins with `server/discover` and falls back, or speaks 2026-07-28 alone.',
    '',
    '## Direct and through Lethe',
    '',
    `${MARKS.same} the same · ${MARKS.allowed} differs only as [eras.md](operations/eras.md#what-a-client-sees-differently) says ·`,
    `${MARKS.different} differs in another way · ${MARKS.none} nothing to compare. A client that can't use a server directly is compared with one that`,
    'can. *State*: what a call left in the session is there in the next one. *Asks*: elicitation reaches the client. *Requests*:',
    'those of the upstream for one call.',
    '',
    ...table(
      ['server', 'client', 'direct', 'through Lethe', ...Object.keys(ASPECTS), 'requests'],
      cells.flatMap(({ adapter, cells: all }) =>
        all.map((cell, at) => [at === 0 ? `${adapter.name} ${adapter.version}` : '', ...rowOf(cell)]),
      ),
    ),
    '',
    ...differencesOf(cells),
    '## How they answer requests by hand',
    '',
    'HTTP status, then a JSON-RPC code or the kind of body; in a stream, whether its events have ids, and whether a first',
    'event without data comes (`primer`). The fixtures of `test/support/upstreams/real` stand for these servers in CI;',
    '`test/integration/real-servers.spec.ts` compares their answers with this table.',
    '',
    ...probeTable(cells.map(({ adapter, probe }) => [`${adapter.name} ${adapter.version}`, probe])),
    ...(failed.length === 0 ? [] : ['', '## Not measured', '', ...failed.map((line) => `- ${line}`)]),
    '',
  ].join('\n');
}

function rowOf(cell: ComparedCell): string[] {
  const { client, isRefused, comparison } = cell;
  const aspects = Object.keys(ASPECTS) as Aspect[];
  const marks = aspects.map((aspect) => (isRefused ? MARKS.none : markOf(cell, aspect)));
  return [
    client,
    versionOf(comparison.direct) || 'refused',
    versionOf(comparison.through) || 'refused',
    ...marks,
    requestsOf(cell),
  ];
}

/** `1`, or what a call costs when each needs a session of its own. */
function requestsOf({ isRefused, comparison }: ComparedCell): string {
  const { calls, sessions } = comparison.cost.through;
  if (isRefused || calls === 0) return MARKS.none;
  return sessions > 1 ? '4' : '1';
}

function differencesOf(servers: readonly { adapter: { name: string }; cells: ComparedCell[] }[]): string[] {
  const lines = servers.flatMap(({ adapter, cells }) =>
    cells.flatMap((cell) => grouped(defectsOf(cell)).map((text) => `- ${adapter.name}, ${cell.client}: ${text}`)),
  );
  return lines.length === 0 ? [] : ['## Differences that eras.md does not name', '', ...lines, ''];
}

/** One line for each member of an observation: the first difference, and how many more there are. */
function grouped(found: readonly Difference[]): string[] {
  const byMember = Map.groupBy(found, ({ path }) => path.split('.')[0]);
  return [...byMember.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const rest = more.length === 0 ? '' : `, and ${more.length} more`;
    return [`\`${first.path}\` ${short(first.direct)}, through Lethe ${short(first.through)}${rest}`];
  });
}

function short(value: JsonValue | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value).replaceAll('|', '\\|');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}
