import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cliPage, documented, leaves, wordsOf } from '../support/cli-page.js';
import { verifies } from '../requirements.js';

const PAGE = fileURLToPath(new URL('../../docs/operations/cli.md', import.meta.url));

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

  it('is the program', async () => {
    await expect(await cliPage()).toMatchFileSnapshot(PAGE);
  });
});
