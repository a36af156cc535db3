import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { runCli } from './run-cli.js';

/** Runs a command that needs no registry. */
async function lethe(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const code = await runCli(argv, {}, streams, '/nowhere');
  const [out, err] = await Promise.all([text(streams.stdout.end()), text(streams.stderr.end())]);
  return { code, out, err };
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
    expect(out).toMatch(/--name <name> .*\(required\)/);
    expect(out).not.toMatch(/--slug <slug> .*\(required\)/);
  });

  it('helps with a command below another, and with no command that is none', async () => {
    expect(await lethe('help', 'trust', 'rotate')).toMatchObject({ code: 0, out: expect.stringContaining('<role>') });
    expect((await lethe('serve', '--help')).out).toMatch(/--eras .*\(one of:\s+auto,\s+both,\s+legacy\)/s);
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
      '  This header may not contain a credential (header_forbidden)',
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
});
