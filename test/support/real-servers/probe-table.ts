import type { Probe } from './probe.js';

const COLUMNS = {
  discover: '`server/discover`',
  initialize: '`initialize`',
  inSession: 'list in the session',
  withoutId: 'without its id',
  unknownId: 'with an unknown id',
  get: 'GET without id',
  delete: 'DELETE without id',
} as const satisfies Record<keyof Probe, string>;
const MEMBERS = Object.keys(COLUMNS) as (keyof Probe)[];
const HEAD = ['server', ...Object.values(COLUMNS)];

/** What servers answered by hand, as a table of Markdown. */
export function probeTable(rows: readonly (readonly [server: string, probe: Probe])[]): string[] {
  const lines = rows.map(([server, probe]) => [server, ...MEMBERS.map((member) => probe[member])]);
  return [HEAD, HEAD.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}

/** The same table, read from a page. */
export function readProbeTable(page: string): Map<string, Probe> {
  const lines = page.split('\n').map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
  const start = lines.findIndex((cells) => cells.join() === HEAD.join());
  const rows = lines.slice(start + 2).filter((cells) => cells.length === HEAD.length);
  return new Map(
    rows.map(([server = '', ...cells]) => [
      server,
      Object.fromEntries(MEMBERS.map((member, at) => [member, cells[at] ?? ''])) as Record<keyof Probe, string>,
    ]),
  );
}
