import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { type LetheRun, runLethe } from '@test/support/run-lethe.js';

/** Runs a command that needs no registry. */
function lethe(...argv: string[]): Promise<LetheRun> {
  return runLethe(argv, {}, '/nowhere');
}

describe('the lethe command line', () => {
  it('has the version of the project', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await lethe('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([
    ['add', '--help'],
    ['help', 'add'],
  ])('marks the flags that are required: %s %s', async (...argv) => {
    const { code, out } = await lethe(...argv);
    expect(code).toBe(0);
    expect(out).toContain(
      '--name <name> (--bearer | --oauth | --basic <user> | --header <name> | --query <name> | ' +
        '--oauth-client-id <id> --token-url <url> | --no-credential)',
    );
    expect(out).toMatch(/--name <name> .*\(required\)/);
    expect(out).not.toMatch(/--slug <slug> .*\(required\)/);
  });

  it('helps with a command below another, and with no command that is none', async () => {
    expect(await lethe('help', 'trust', 'rotate')).toMatchObject({ code: 0, out: expect.stringContaining('<role>') });
    expect((await lethe('serve', '--help')).out).toMatch(/--eras .*\(one\s+of:\s+auto,\s+both,\s+legacy\)/s);
    expect(await lethe('help', 'ad')).toMatchObject({ code: 2, err: expect.stringContaining('did you mean add?') });
  });

  it('names every broken rule at once, and how to see what is allowed', async () => {
    verifies('cli.says-what-is-wrong');
    const { code, err } = await lethe('add', 'mcp.example.com', '--slug', 'Not A Slug', '--baerer', '--header', 'Host');
    expect(code).toBe(2);
    expect(err.split('\n')).toEqual([
      'lethe: 5 problems, nothing was done (slug_illegal)',
      '  A slug has 1 to 24 characters: words of a-z and 0-9, joined by single hyphens (slug_illegal)',
      '  Unknown flag (word 5 after lethe); did you mean --bearer? (command_line)',
      '  To see what is allowed: lethe add --help',
      '  The header that --header names can not be used (header_forbidden)',
      expect.stringContaining('it can not contain a credential'),
      expect.stringContaining('This URL may not be registered'),
      expect.any(String),
      '  --name is required for add (command_line)',
      '',
    ]);
  });

  it('gives the same as JSON', async () => {
    const { error } = JSON.parse((await lethe('add', '--json', '--no-credential')).err) as { error: object };
    expect(error).toMatchObject({
      code: 'command_line',
      notes: expect.arrayContaining([
        '<url> is required for add (command_line)',
        '--name is required for add (command_line)',
      ]),
    });
  });

  it.each([
    [{}, 'lethe add --help'],
    [{ npm_lifecycle_event: 'lethe', npm_command: 'run-script' }, 'npm run -s lethe -- add --help'],
    [{ npm_lifecycle_event: 'npx', npm_command: 'exec' }, 'npx lethe add --help'],
  ])('gives hints that can be pasted, however it is run: %j', async (env, hint) => {
    expect((await runLethe(['add'], env, '/nowhere')).err).toContain(`  To see what is allowed: ${hint}\n`);
  });
});

describe('the command where no Lethe runs', () => {
  it.each([
    [{}, 'npx lethe-gateway'],
    [{ npm_lifecycle_event: 'npx', npm_command: 'exec' }, 'npx lethe-gateway'],
    [{ npm_lifecycle_event: 'lethe', npm_command: 'run-script' }, 'npm start'],
  ])('says how to start one from where it comes: %j', async (env, start) => {
    const { code, err } = await runLethe(['ls'], env, '/nowhere');
    expect([code, err]).toEqual([expect.any(Number), expect.stringContaining(`Start one there with ${start}, or set`)]);
  });
});

describe('the hints of all messages', () => {
  const hints = globSync('**/*.ts', { cwd: import.meta.dirname, exclude: ['**/*.spec.ts'] }).flatMap((file) => {
    const source = readFileSync(join(import.meta.dirname, file), 'utf8');
    return [...source.matchAll(/(?:: |")lethe ((?:[\w-]+|<[\w-]+>|--[\w-]+|\$\{[\w.]+\}| )+)/g)].map(
      ([, hint = '']) => hint,
    );
  });

  it.each(hints.map((hint) => hint.replaceAll(/<\w+>|\$\{[\w.]+\}/g, 'https://mcp.example.com/mcp').trim()))(
    'are command lines that are accepted: lethe %s',
    async (hint) => {
      // Whatever it then needs: not one of these hints breaks a rule of the command line.
      expect((await lethe(...hint.split(/ +/))).err).not.toMatch(/command_line|credential_kind/);
    },
  );

  it('are found', () => {
    expect(hints.length).toBeGreaterThan(4);
  });
});
