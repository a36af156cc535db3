import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { CliError } from '../errors/cli.error.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { type PlanResponse, planResponse } from '../registry/transfer-responses.js';
import { askYes } from '../terminal/ask-yes.js';
import { countText, printable } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { changesOf, planLines } from './plan-text.js';
import { type CommonFlags, registryFor, type RunContext, servedSoon, terminalFor } from './run-context.js';

/** Documents are long, and imported in one transaction. */
const TIMEOUT_MS = 600_000;

/** Flags of `lethe export`. */
export interface ExportFlags extends CommonFlags {
  output?: string;
  gateway?: string;
  server?: string;
  catalogue?: boolean;
}

/** Flags of `lethe diff` and `lethe apply -f`. */
export interface ApplyDocumentFlags extends CommonFlags {
  file?: string;
  dryRun?: boolean;
  prune?: boolean;
  yes?: boolean;
}

/** `lethe export`: prints or writes the document as the registry sends it, byte for byte. */
export async function exportDocument(context: RunContext, flags: ExportFlags): Promise<void> {
  const { gateway, server, catalogue, output, json } = flags;
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const wanted = Object.entries({ gateway, server, catalogue: catalogue === true ? 'true' : undefined });
  const query = new URLSearchParams(wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const accept = json === true ? 'application/json' : 'application/yaml';
  const document = await client.text(`/export?${query.toString()}`, { accept, timeoutMs: TIMEOUT_MS });
  if (output === undefined) return void terminal.streams.stdout.write(shownOn(terminal, document));
  try {
    await writeFile(resolve(output), document);
  } catch {
    throw new CliError('usage', 'file_unwritable', 'The file of --output can not be written');
  }
  terminal.note(`Written: ${countText(document.split('\n').length - 1, 'line')}.`);
}

/** `lethe diff -f <file>`. @throws CliError `documents_differ`, which decides the exit code */
export async function diffDocument(context: RunContext, flags: ApplyDocumentFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const plan = await planOf(client, await documentOf(context, flags), flags);
  show(terminal, plan);
  terminal.printJson(plan);
  refuseProblems(plan);
  const differing = changesOf(plan).length;
  if (differing > 0) throw new CliError('differs', 'documents_differ', `${countText(differing, 'difference')} found`);
}

/** `lethe apply -f <file>`: shows the plan, asks, and carries out that plan alone. */
export async function applyDocument(context: RunContext, flags: ApplyDocumentFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const document = await documentOf(context, flags);
  const plan = await planOf(client, document, flags);
  show(terminal, plan);
  const { length } = changesOf(plan);
  if (plan.counts.problems > 0 || length === 0 || flags.dryRun === true) {
    terminal.printJson(plan);
    return refuseProblems(plan);
  }
  if (flags.yes !== true) await askYes(terminal, `Make ${countText(length, 'change')}?`);
  const options = { document, ifMatch: `"${plan.planDigest}"`, timeoutMs: TIMEOUT_MS, ...servedSoon(terminal) };
  const done = await client.request(planResponse, 'POST', `/import${pruning(flags, '?')}`, options);
  terminal.print(`Done: ${countText(length, 'change')}.`);
  terminal.printJson(done);
}

function planOf(client: RegistryClient, document: string, flags: ApplyDocumentFlags): Promise<PlanResponse> {
  const options = { document, timeoutMs: TIMEOUT_MS };
  return client.request(planResponse, 'POST', `/import?dryRun=true${pruning(flags, '&')}`, options);
}

function pruning({ prune }: ApplyDocumentFlags, separator: string): string {
  return prune === true ? `${separator}prune=true` : '';
}

async function documentOf({ streams }: RunContext, { file = '-' }: ApplyDocumentFlags): Promise<string> {
  if (file === '-') return text(streams.stdin);
  try {
    return await readFile(resolve(file), 'utf8');
  } catch {
    throw new CliError('usage', 'file_unreadable', 'The file of --file can not be read');
  }
}

function show(terminal: Terminal, plan: PlanResponse): void {
  for (const line of planLines(plan)) terminal.print(line);
}

/** @throws CliError `import_refused` */
function refuseProblems({ counts }: PlanResponse): void {
  if (counts.problems === 0) return;
  const found = countText(counts.problems, 'problem');
  throw new CliError('refused', 'import_refused', `The document can not be applied: ${found}, nothing was changed`);
}

/** A document as it is, but on a terminal without what controls it. */
function shownOn({ streams: { stdout } }: Terminal, document: string): string {
  const isTerminal = 'isTTY' in stdout && stdout.isTTY === true;
  return isTerminal ? document.split('\n').map(printable).join('\n') : document;
}
