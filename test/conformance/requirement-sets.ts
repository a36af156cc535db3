import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/processes.js';

/** The protocol revisions that the official suite has requirements for. */
export type Revision = '2025-11-25' | '2026-07-28';

/** What the suite scores for a revision, of servers and of clients. */
export function scoredScenarios(revision: Revision, leg: 'server' | 'client'): string[] {
  const file = join(ROOT, `node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`);
  const sets = parse(readFileSync(file, 'utf8')) as Record<'server' | 'client', string[]>;
  return sets[leg];
}
