import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../support/processes.js';

/** The protocol revisions that the official suite has requirements for. */
export type Revision = '2025-11-25' | '2026-07-28';

interface RequirementSet extends Record<'server' | 'client', string[]> {
  not_scored: { scenario: string; leg: 'server' | 'client'; reason: string }[];
}

/** What the suite scores for a revision, of servers and of clients. */
export function scoredScenarios(revision: Revision, leg: 'server' | 'client'): string[] {
  return requirementSet(revision)[leg];
}

/** Scenarios about extensions of the protocol, which nobody has to pass. */
export function extensionScenarios(revision: Revision, leg: 'server' | 'client'): string[] {
  const { not_scored: others } = requirementSet(revision);
  return others.filter((other) => other.leg === leg && other.reason === 'extension').map(({ scenario }) => scenario);
}

function requirementSet(revision: Revision): RequirementSet {
  const file = join(ROOT, `node_modules/@modelcontextprotocol/conformance/requirements/${revision}.yaml`);
  return parse(readFileSync(file, 'utf8')) as RequirementSet;
}
