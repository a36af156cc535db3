import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../processes.js';

/** Names the release that this version must be able to run beside. Changed at each release (docs/operations/upgrade.md). */
const FILE = join(ROOT, 'test/upgrade/last-release.json');

/** The last release: its version, and the commit that it was made from. */
export const LAST_RELEASE = z
  .object({ version: z.string().regex(/^\d+\.\d+\.\d+$/), commit: z.string().regex(/^[0-9a-f]{40}$/) })
  .parse(JSON.parse(readFileSync(FILE, 'utf8')));
