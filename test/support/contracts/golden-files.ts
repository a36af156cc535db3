import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../processes.js';
import { LAST_RELEASE } from '../upgrade/last-release.js';

/** What services of the last release write, as they wrote it. */
const FOLDER = join(ROOT, 'test/contracts', LAST_RELEASE.version);

/** Whether this run writes the golden files instead of comparing with them: `npm run contracts`, at a release. */
const isRecording = process.env['CONTRACTS_RECORD'] === 'true';

/** What to do when a contract no longer fits the last release. */
export const WHAT_TO_DO =
  'Services of the last release can not go on with that. Add instead of changing: a new member that may be absent, a new ' +
  'subject with the next version in its name; write the old and read both for one release (docs/operations/upgrade.md#contracts).';

/** The content of a golden file. A recording run writes it first. */
export function golden<T>(name: string, today: () => T): T {
  const file = join(FOLDER, `${name}.json`);
  if (isRecording) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, `${JSON.stringify(today(), null, 2)}\n`);
  }
  // Written by this function, in this or an earlier version.
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}
