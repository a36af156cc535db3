import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeHome, removeHome, ROOT } from '../processes.js';
import { operationsPage, shellBlocks } from './page.js';

/** The programs that the pages call, and where they are in a checkout. */
const PROGRAMS = {
  lethe: `exec '${process.execPath}' '${ROOT}dist/apps/cli/src/main.js' "$@"`,
  npx: `program="$1"; shift; exec '${process.execPath}' '${ROOT}node_modules/.bin/'"$program" "$@"`,
};

/** The shell commands of pages of docs/operations, which a test runs as they stand, in a folder of their own. */
export class PageCommands {
  private readonly blocks: Map<string, string>;
  private readonly ran = new Set<string>();

  private constructor(
    pages: readonly string[],
    readonly folder: string,
  ) {
    this.blocks = new Map(pages.flatMap((name) => [...shellBlocks(operationsPage(name))]));
  }

  static async of(pages: readonly string[]): Promise<PageCommands> {
    const commands = new PageCommands(pages, await makeHome());
    await mkdir(join(commands.folder, 'bin'));
    for (const [name, script] of Object.entries(PROGRAMS)) {
      await writeFile(join(commands.folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      await chmod(join(commands.folder, 'bin', name), 0o755);
    }
    return commands;
  }

  /** Runs the commands with this title and no other variables than these; what they print to standard output. */
  async run(title: string, env: Record<string, string>): Promise<string> {
    const block = this.text(title);
    this.ran.add(title);
    return this.shell(block, env);
  }

  /** The commands with this title. */
  text(title: string): string {
    const block = this.blocks.get(title);
    if (block === undefined) throw new Error(`no page has the commands "${title}"`);
    return block;
  }

  /** Runs other commands where those of the pages run. */
  async shell(block: string, env: Record<string, string>): Promise<string> {
    const PATH = [join(this.folder, 'bin'), dirname(process.execPath), process.env['PATH']].join(':');
    const script = `set -eu\ncd '${this.folder}'\n${block.replaceAll('deploy/backup/', `${ROOT}deploy/backup/`)}`;
    const variables = { env: { PATH, HOME: this.folder, ...env } };
    const { stdout } = await promisify(execFile)('/bin/bash', ['-c', script], variables);
    return stdout;
  }

  /** The titles of those that were not run. */
  untried(): string[] {
    return [...this.blocks.keys()].filter((title) => !this.ran.has(title));
  }

  /** Removes the folder. */
  close(): Promise<void> {
    return removeHome(this.folder);
  }
}
