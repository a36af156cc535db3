import { execFileSync } from 'node:child_process';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completionScript } from './completion.js';

function program(): Command {
  const lethe = new Command('lethe').option('--json', 'as JSON');
  lethe.command('add').description("add an upstream's URL").option('--name <name>', 'its name');
  const trust = lethe.command('trust').description('keys');
  trust.command('rotate').description('a new key').option('--force', 'even so');
  return lethe;
}

/** What bash offers for the last word of each of these lines. */
function offered(...lines: string[][]): string[][] {
  const asked = lines.map(
    (words) => `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lethe
      echo "\${COMPREPLY[@]}"`,
  );
  const script = [completionScript(program(), 'bash'), ...asked].join('\n');
  const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');
  return printed.map((line) => line.split(' ').toSorted());
}

describe('completion', () => {
  it('offers commands and flags where they belong, in bash', () => {
    const lines = [
      ['lethe', ''],
      ['lethe', 'add', '--'],
      ['lethe', 'trust', ''],
      ['lethe', '--json', 'trust', 'rotate', '--f'],
      ['lethe', 'trust', 'nothing', 'ro'],
    ];
    expect(offered(...lines)).toEqual([
      ['--json', 'add', 'trust'],
      ['--json', '--name'],
      ['--json', 'rotate'],
      ['--force'],
      ['rotate'],
    ]);
  });

  it('quotes descriptions, for zsh and fish', () => {
    expect(completionScript(program(), 'zsh')).toContain("'add:add an upstreams URL'");
    const fish = completionScript(program(), 'fish').split('\n');
    expect(fish).toContain("complete -c lethe -n '__fish_use_subcommand' -a add -d 'add an upstreams URL'");
    expect(fish).toContain(
      "complete -c lethe -n '__fish_seen_subcommand_from trust; and __fish_seen_subcommand_from rotate' -l force -d 'even so'",
    );
  });
});
