import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commandLineErrors } from '../../apps/cli/src/command-line/command-line-errors.js';
import { cliPage, documented, leaves, wordsOf } from '../support/cli-page.js';
import { verifies } from '../requirements.js';

const PAGE = fileURLToPath(new URL('../../docs/operations/cli.md', import.meta.url));

const PAGES = dirname(PAGE);

describe('the page of the lethe command', () => {
  it('has a section for each command, with all of its flags', async () => {
    verifies('cli.documented');
    const sections = (await cliPage()).split(/^### /m).slice(1);
    const commands = leaves(documented());
    expect(sections.map((section) => section.split('\n')[0])).toEqual(commands.map(wordsOf));
    const missing = commands.flatMap(({ options }, index) =>
      options.map(({ flags }) => flags).filter((flags) => sections[index]?.includes(`\`${flags}\``) === false),
    );
    expect(missing).toEqual([]);
    expect(commands.filter((command) => command.description() === '').map(wordsOf)).toEqual([]);
  });

  it('and all others show only command lines that the program takes', () => {
    const lines = readdirSync(PAGES)
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => readFileSync(join(PAGES, file), 'utf8').match(/^lethe [a-z].*$/gm) ?? [])
      .map((line) => line.replace(/ (?:\||#|>|<\S+$).*/, ''))
      // Not those with a placeholder, a variable, or a second line.
      .filter((line) => !/[<$…\\]/.test(line));
    const argvOf = (line: string): string[] =>
      (line.match(/'[^']*'|\S+/g) ?? []).slice(1).map((word) => word.replaceAll("'", ''));
    const wrong = lines.filter((line) => commandLineErrors(documented(), argvOf(line)).length > 0);
    expect(lines.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it('is the program', async () => {
    await expect(await cliPage()).toMatchFileSnapshot(PAGE);
  });
});
