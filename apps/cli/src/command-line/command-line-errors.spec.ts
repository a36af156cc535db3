import { Argument, Command, CommanderError, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { CliError } from '../errors/cli.error.js';
import { commandLineErrors } from './command-line-errors.js';
import { withRule } from './command-rules.js';

const SECRET = 'correct-horse-battery';

/** One command with every kind of flag, one without arguments, one below another. */
function program(): Command {
  const silent = new Command('lethe')
    .exitOverride()
    .configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  silent.option('--json').option('--url <url>').version('1.0.0');
  const make = silent
    .command('make')
    .argument('<name>', 'text', (text) => {
      if (text === 'bad') throw new CliError('usage', 'name_bad', 'A bad name');
      return text;
    })
    .argument('[dir]')
    .requiredOption('--from <gateway...>')
    .requiredOption('--kind <kind>')
    .addOption(new Option('--eras <eras>').choices(['auto', 'both']))
    .option('--no-key')
    .action(() => undefined);
  withRule<{ json?: boolean; key: boolean }>(make, ({ json, key }) => {
    if (json === true && !key) throw new CliError('usage', 'two_much', 'Not both');
  });
  silent.command('ls').action(() => undefined);
  silent
    .command('turn')
    .addArgument(new Argument('<role>').choices(['one', 'two']))
    .action(() => undefined);
  const trust = silent.command('trust');
  trust
    .command('show')
    .argument('[dir]')
    .action(() => undefined);
  return silent;
}

const errors = (...argv: string[]): string[] => commandLineErrors(program(), argv).map(({ message }) => message);
const MAKE = ['make', 'x', '--from', 'a', '--kind', 'b'];

describe('the broken rules of a command line', () => {
  it.each([
    [['make', 'x', '--from', 'a'], '--kind is required for make'],
    [['make', '--from', 'a', '--kind', 'b'], '<name> is required for make'],
    [[...MAKE, '--era', 'auto'], 'Unknown flag (word 7 after lethe); did you mean --eras?'],
    [[...MAKE, '--tag'], 'Unknown flag (word 7 after lethe)'],
    [[...MAKE, `--${SECRET}`, 'of something'], 'Unknown flag (word 7 after lethe)'],
    [[...MAKE, '--eras', SECRET], '--eras takes one of: auto, both'],
    [['make', 'x', '--kind', 'b', '--from', '--json'], '--from needs a value: --from <gateway...>'],
    [[...MAKE, '--url'], '--url needs a value: --url <url>'],
    [[...MAKE, `--json=${SECRET}`], '--json takes no value'],
    [['make', 'bad', '--from', 'a', '--kind', 'b'], 'A bad name'],
    [[...MAKE, '--json', '--no-key'], 'Not both'],
    [['ls', SECRET], 'Too many arguments: ls takes no arguments, and there is 1 more'],
    [['turn', SECRET], '<role> is one of: one, two'],
    [['maek', SECRET], 'Unknown command; did you mean make?'],
    [[SECRET], 'Unknown command; there are: make, ls, turn, trust'],
    [['trust', 'shwo'], 'Unknown command; did you mean show?'],
    [[SECRET, '--help'], 'Unknown command; there are: make, ls, turn, trust'],
  ])('name the rule in words of the program: %j', (argv, message) => {
    expect(errors(...argv)).toEqual([message]);
  });

  it('are all named at once, none of them twice', () => {
    expect(errors('make', '--form', 'a', '--eras', 'x', '--no-kye', '--json', '--zzz')).toEqual([
      'Unknown flag (word 2 after lethe); did you mean --from?',
      '--eras takes one of: auto, both',
      'Unknown flag (word 6 after lethe); did you mean --no-key?',
      'Unknown flag (word 8 after lethe)',
      '<name> is required for make',
      '--kind is required for make',
      'Not both',
    ]);
  });

  it.each([[['--help']], [['make', '--help']], [['--version']], [['trust']], [[]], [['make', '--', '--kind', '-h']]])(
    'are none where help or version is shown: %j',
    (argv) => {
      expect(errors(...argv)).toEqual([]);
    },
  );

  it('are broken exactly where the parser refuses the command line', () => {
    const words = ['make', 'ls', 'trust', 'show', 'x', '--from', '--kind', 'b', '--eras', 'auto', '--eras=both'];
    words.push('--no-key', '--json', '--url', '--url=u', '--frob', '--json=1');
    let seed = 1;
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
    let accepted = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const start = random(3) === 0 ? [] : random(4) === 0 ? ['ls'] : MAKE;
      const argv = [...start, ...Array.from({ length: random(5) }, () => words[random(words.length)] ?? '')];
      // A known flag as a value: the parser takes it, and means something else than the user.
      const takesFlag = argv.some(
        (word, at) => /^--(from|kind|eras|url)$/.test(word) && argv[at + 1]?.startsWith('--'),
      );
      if (takesFlag || (argv.includes('--no-key') && argv.includes('--json'))) continue;
      const isRefused = refuses(argv);
      accepted += isRefused ? 0 : 1;
      expect({ argv, isRefused: errors(...argv).length > 0 }).toEqual({ argv, isRefused });
    }
    expect(accepted).toBeGreaterThan(1_000);
  });
});

/** Whether the parser itself refuses it. It shows the help where there is no command. */
function refuses(argv: string[]): boolean {
  try {
    program().parse(argv, { from: 'user' });
    return false;
  } catch (error) {
    if (error instanceof CommanderError) return error.code !== 'commander.help';
    throw error;
  }
}
