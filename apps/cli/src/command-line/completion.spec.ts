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

/** What bash offers for the last of these words. */
function offered(words: string[]): string[] {
  const script = `${completionScript(program(), 'bash')}
    COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _lethe
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n').toSorted();
}

describe('completion', () => {
  it('offers commands and flags where they belong, in bash', () => {
    expect(offered(['lethe', ''])).toEqual(['--json', 'add', 'trust']);
    expect(offered(['lethe', 'add', '--'])).toEqual(['--json', '--name']);
    expect(offered(['lethe', 'trust', ''])).toEqual(['--json', 'rotate']);
    expect(offered(['lethe', '--json', 'trust', 'rotate', '--f'])).toEqual(['--force']);
    expect(offered(['lethe', 'trust', 'nothing', 'ro'])).toEqual(['rotate']);
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
