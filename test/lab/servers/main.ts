import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../../support/embedded.js';
import { ADAPTERS } from './adapters.js';
import { folderOf, runServer, type ServerFindings } from './run-server.js';

const { values, positionals } = parseArgs({
  options: { folder: { type: 'string' }, json: { type: 'string' } },
  allowPositionals: true,
});
const chosen = ADAPTERS.filter((adapter) => positionals.length === 0 || positionals.includes(folderOf(adapter)));
const folder = values.folder ?? (await mkdtemp(join(tmpdir(), 'lethe-lab-')));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const lethe = await startEmbedded();
const findings: ServerFindings[] = [];
try {
  for (const adapter of chosen) {
    say(`${adapter.name} ${adapter.version}`);
    try {
      findings.push(await runServer(adapter, lethe, folder));
    } catch (error) {
      say(`  ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await lethe.stop();
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true });
}
if (values.json !== undefined) await writeFile(values.json, JSON.stringify(findings, undefined, 1));
