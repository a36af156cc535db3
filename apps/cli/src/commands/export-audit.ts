import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isObject, parseJson } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { Terminal } from '../terminal/terminal.js';
import type { RunContext } from './run-context.js';

/** Which entries, and where they go; `-` is standard output. */
interface Export {
  file: string;
  from?: string;
  to?: string;
  actor?: string;
  operation?: string;
  target?: string;
}

/** What an export has: each entry names the one before it. */
class ExportedChain {
  entries = 0;
  hash = '';

  /** @throws CliError `export_broken` */
  add(line: string): void {
    const entry = parseJson(line);
    const { hash, previousHash } = isObject(entry) ? entry : {};
    if (typeof hash !== 'string' || (this.entries > 0 && previousHash !== this.hash)) {
      throw new CliError(
        'untrusted',
        'export_broken',
        `Entry ${this.entries + 1} of the export does not follow the one before`,
        ['To see what is wrong with the audit log: lethe audit --verify'],
      );
    }
    this.entries += 1;
    this.hash = hash;
  }
}

/** `lethe audit --export <file>`: writes the entries as JSON lines. The file is there when all of them are in it. */
export async function exportAudit(
  context: RunContext,
  client: RegistryClient,
  terminal: Terminal,
  wanted: Export,
): Promise<void> {
  const { file, from, to, actor, operation, target } = wanted;
  if ([actor, operation, target].some((filter) => filter !== undefined)) {
    throw new CliError(
      'usage',
      'command_line',
      'An export has whole entries of a time: only --from and --to choose them',
    );
  }
  const times = Object.entries({ from, to }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  const query = times.length > 0 ? `?${new URLSearchParams(times).toString()}` : '';
  const body = await client.stream(`/audit/export${query}`);
  const chain = file === '-' ? await copied(body, context.streams.stdout, false) : await written(body, resolve(file));
  terminal.note(`Exported ${chain.entries} entries; the code of the last one is ${chain.hash}.`);
  if (file !== '-') terminal.printJson({ exported: { entries: chain.entries, head: chain.hash } });
}

/** Under another name until it is whole, for its owner alone. */
async function written(body: Readable, path: string): Promise<ExportedChain> {
  const part = `${path}.part`;
  // There from now on: a stream that opens the file itself may do so after a failure has removed it.
  const handle = await open(part, 'w', 0o600).catch((error: unknown) => {
    body.destroy();
    throw error;
  });
  try {
    const chain = await copied(body, handle.createWriteStream(), true);
    await rename(part, path);
    return chain;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function copied(body: Readable, target: Writable, end: boolean): Promise<ExportedChain> {
  const chain = new ExportedChain();
  const checked = async function* (texts: AsyncIterable<string>): AsyncGenerator<string> {
    let rest = '';
    for await (const text of texts) {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) chain.add(line);
      if (lines.length > 0) yield `${lines.join('\n')}\n`;
    }
    if (rest !== '') chain.add(rest);
  };
  await pipeline(body.setEncoding('utf8'), checked, target, { end });
  return chain;
}
