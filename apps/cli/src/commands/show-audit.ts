import { isDeepStrictEqual } from 'node:util';
import { CliError } from '../errors/cli.error.js';
import { type AuditEntryResponse, auditResponse, auditVerificationResponse } from '../registry/admin-responses.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { exportAudit } from './export-audit.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe audit`. */
export interface AuditFlags extends CommonFlags {
  actor?: string;
  operation?: string;
  target?: string;
  from?: string;
  to?: string;
  limit: number;
  verify?: boolean;
  /** Where an export goes. */
  export?: string;
}

/** Why the audit log is not whole, in words. */
const WHY: Record<string, string> = {
  missing: 'is not there',
  changed: 'is not what was written',
  truncated: 'and all after it are gone',
  replaced: 'is another one than was there before',
};

/** `lethe audit`: shows who changed what; with `--verify`, whether that is all; with `--export`, writes it to a file. */
export async function runAudit(context: RunContext, flags: AuditFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  if (flags.verify === true) return verify(client, terminal);
  if (flags.export !== undefined) return exportAudit(context, client, terminal, { ...flags, file: flags.export });
  const { actor, operation, target, from, to, limit } = flags;
  const wanted = Object.entries({ actor, operation, target, from, to, limit: String(limit) });
  const query = new URLSearchParams(wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const { items, nextCursor } = await client.request(auditResponse, 'GET', `/audit?${query.toString()}`);
  for (const line of columns(items.map(rowOf))) terminal.print(line);
  if (items.length === 0) terminal.print('No such entry.');
  if (nextCursor) terminal.note('There are more entries: see --limit, --to and the other filters.');
  terminal.printJson({ items });
}

async function verify(client: RegistryClient, terminal: Terminal): Promise<void> {
  const found = await client.request(auditVerificationResponse, 'GET', '/audit/verification');
  terminal.printJson(found);
  const { state, entries, head, firstBroken, why } = found;
  if (state === 'intact') {
    return terminal.print(`The audit log is whole up to entry ${entries}, ${head}`);
  }
  const problem = WHY[why ?? ''] ?? 'is not what was written';
  throw new CliError(
    'untrusted',
    'audit_broken',
    `The audit log is not whole: entry ${firstBroken ?? '?'} ${problem}`,
    ['Somebody has written to the database: see the runbook about LetheRowsTampered.'],
  );
}

function rowOf(entry: AuditEntryResponse): string[] {
  const { seq, at, actor, operation, outcome, target } = entry;
  const what = target ? `${target.kind} ${target.slug ?? target.id}` : '';
  return [String(seq), at, actor.name, operation, what, outcome === 'done' ? changedFields(entry) : reasonOf(entry)];
}

/** Why something was refused: of what was found, its code, or the table of a row. */
function reasonOf({ outcome, after }: AuditEntryResponse): string {
  const found = after?.['code'] ?? after?.['table'];
  return typeof found === 'string' ? `${outcome}: ${found}` : outcome;
}

/** Names of the members that differ; nothing of what they contain. */
function changedFields({ before, after }: AuditEntryResponse): string {
  if (!before) return 'new';
  if (!after) return 'removed';
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name])).join(', ');
}
