import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { startEmbedded } from '../../support/embedded.js';
import { ROOT } from '../../support/processes.js';
import { ADAPTERS } from './adapters.js';
import { pageOf } from './report/page.js';
import { folderOf, runServer, type ServerFindings } from './run-server.js';

const PAGE = join(ROOT, 'docs/compatibility-servers.md');

// npm run lab:servers -- [--folder <kept folder>] [--page <other file>] [names of folders]
const { values, positionals } = parseArgs({
  options: { folder: { type: 'string' }, page: { type: 'string' } },
  allowPositionals: true,
});
const chosen = ADAPTERS.filter((adapter) => positionals.length === 0 || positionals.includes(folderOf(adapter)));
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'lethe-lab-servers-')));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const starting = startEmbedded();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // `exit` also ends the servers, which are process groups of their own.
  process.once(signal, () => void starting.then((started) => started.stop()).finally(() => process.exit(1)));
}
const lethe = await starting;
const findings: ServerFindings[] = [];
const failed: string[] = [];
try {
  for (const adapter of chosen) {
    const title = `${adapter.name} ${adapter.version}`;
    say(title);
    try {
      findings.push(await runServer(adapter, lethe, folder));
    } catch (error) {
      failed.push(title);
      say(`  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await lethe.stop();
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}
// A page of some servers replaces no page of all of them.
const file = values.page ?? (chosen.length === ADAPTERS.length ? PAGE : join(folder, 'compatibility-servers.md'));
const page = pageOf(findings, new Date().toISOString().slice(0, 10), failed);
await writeFile(file, await format(page, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
say(file);
