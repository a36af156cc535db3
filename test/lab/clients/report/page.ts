import { format, resolveConfig } from 'prettier';
import { LETHE_HEADERS, STEPS } from '../cases.js';
import type { LabClient } from '../client.js';
import type { Run } from '../measure.js';
import { Findings } from './findings.js';
import { code } from './wording.js';

/** A client and its runs. */
export interface Measured {
  client: LabClient;
  runs: Run[];
}

const SHOWN_SERVER = {
  name: 'lethe',
  url: 'http://127.0.0.1:4500/servers/my-server/mcp',
  headers: LETHE_HEADERS,
};

/** The page of all clients, in the repository's format. */
export async function pageOf(
  measured: Measured[],
  missing: string[],
  about: { isIsolated: boolean; date: Date },
): Promise<string> {
  const text = [
    introduction(about),
    tableOf(measured),
    missing.length > 0 ? `Not run, because they could not be installed: ${missing.join(', ')}.` : '',
    '## Client by client',
    'The configuration is the one that was run; what stands in the environment is not in the file.',
    ...measured.map(sectionOf),
  ].join('\n\n');
  const options = await resolveConfig('docs/compatibility.md');
  return format(text, { ...options, parser: 'markdown' });
}

function introduction({ isIsolated, date }: { isIsolated: boolean; date: Date }): string {
  const network = isIsolated ? 'The clients ran in a network with loopback alone.' : '';
  return `# Compatibility with real clients

Written by \`npm run lab:clients\` on ${date.toISOString().slice(0, 10)}. Do not edit this page: run the lab again. It
installs the pinned clients into a temporary folder and uses each of them twice: directly at three upstreams, and at a
virtual server of the embedded Lethe for each of these upstreams.

- **legacy**: @modelcontextprotocol/server-everything 2026.8.31, with sessions
- **modern**: @modelcontextprotocol/server 2.4.0, which speaks 2026-07-28 alone
- **many**: @modelcontextprotocol/sdk 1.32.2, without sessions, 250 tools on pages of 100

All three want a bearer token. Directly the client sends it in \`Authorization\`; through Lethe it sends a caller's key there
and the token in \`X-Upstream-Authorization\`. Agents had a model on loopback that calls tools by a plan. A proxy between
client and server noted methods, paths and the names of headers. ${network}

## What works

A cell shows *direct / through Lethe*; bold is what is worse through Lethe. **opens with**: the first request. **era**: the
one of the calls. **250 tools**: how many the client asked for and got, and whether it could call the last one. **state**: a
tool switches something on in the session, and the next call finds it on. **asked**: what the client answered when a tool
asked the user for a name; the lab's own answer is accept, and agents without a terminal decline or cancel by themselves.`;
}

const HEAD = [
  'client',
  'opens with',
  'era: legacy',
  'calls: legacy',
  'state',
  'asked: legacy',
  'era: modern',
  'calls: modern',
  'asked: modern',
  '250 tools',
  'calls the 250th',
];

/** What a client may say to a form. */
const ANSWERS = ['accept', 'decline', 'cancel'];

function tableOf(measured: Measured[]): string {
  const rows = measured.map(({ client, runs }) => rowOf(client, new Findings(runs)));
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), ...rows.map(line)].join('\n');
}

function rowOf(client: LabClient, found: Findings): string[] {
  const yes = (name: 'direct' | 'lethe', step: (typeof STEPS)[keyof typeof STEPS]) =>
    found.passes(name, step) ? 'yes' : 'no';
  const both = (direct: string, lethe: string, ...good: string[]) =>
    `${direct} / ${good.includes(direct) && !good.includes(lethe) ? `**${lethe}**` : lethe}`;
  const asked = (step: (typeof STEPS)[keyof typeof STEPS]) =>
    both(found.answer('asks directly', step), found.answer('asks through Lethe', step), ...ANSWERS);
  return [
    `${client.name} ${versionOf(client)}`,
    found.opening(),
    `${found.era('direct', 'legacy')} / ${found.era('lethe', 'legacy')}`,
    both(yes('direct', STEPS.legacyCall), yes('lethe', STEPS.legacyCall), 'yes'),
    both(found.state('direct'), found.state('lethe'), 'kept'),
    asked(STEPS.legacyAsks),
    `${found.era('direct', 'modern')} / ${found.era('lethe', 'modern')}`,
    both(yes('direct', STEPS.modernCall), yes('lethe', STEPS.modernCall), 'yes'),
    asked(STEPS.modernAsks),
    both(String(found.listed('direct', 'many')), String(found.listed('lethe', 'many')), '250'),
    both(yes('direct', STEPS.lastTool), yes('lethe', STEPS.lastTool), 'yes'),
  ];
}

function versionOf({ install }: LabClient): string {
  return Object.values(install.packages)[0] ?? '';
}

function sectionOf({ client, runs }: Measured): string {
  const found = new Findings(runs);
  const list = (items: string[]) => items.map(code).join(', ') || 'none';
  const packages = Object.entries(client.install.packages).map(([name, version]) => `${name} ${version}`);
  return [
    `### ${client.name}`,
    `${packages.join(', ')}. ${client.note ?? ''}`,
    configurationOf(client),
    [
      `- the secret in files: ${secretFilesOf(runs)}`,
      `- without the upstream's header: ${seen(found.of('header missing'))}`,
      `- with a wrong key: ${seen(found.of('wrong key'))}`,
      `- requests then: ${list(found.allRequests('wrong key'))}`,
      `- requests to the legacy upstream through Lethe: ${list(found.requests('lethe', 'legacy'))}`,
      `- names of the headers: ${list(found.headerNames())}`,
    ].join('\n'),
  ].join('\n\n');
}

function seen([run]: Run[]): string {
  return run === undefined ? '-' : code(run.failure ?? run.seen);
}

function secretFilesOf(runs: Run[]): string {
  const files = runs.filter(({ name }) => name === 'lethe').flatMap(({ secretFiles }) => secretFiles);
  return files.length === 0 ? 'none' : files.map((file) => code(`~/${file}`)).join(', ');
}

function configurationOf({ snippet, source }: LabClient): string {
  if (snippet === undefined) return `How it connects: [\`${source}\`](../${source}).`;
  const { where, language, text } = snippet([SHOWN_SERVER]);
  return [`In ${where === 'shell' ? 'the shell' : code(where)}:`, `\`\`\`${language}\n${text}\n\`\`\``].join('\n\n');
}
