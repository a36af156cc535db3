import { describe, expect, it } from 'vitest';
import { basicUser, headerName, plainText, refuseCredentialInArgv } from './argv-rules.js';

const SECRET = 'correct-horse-battery';
const URL = 'https://mcp.example.com/mcp';

function rejection(work: () => unknown): string {
  try {
    work();
    return 'passed';
  } catch (error) {
    return JSON.stringify({ ...Object(error), message: String(error) });
  }
}

describe('a command line', () => {
  it.each([
    ['add', URL, '--name', 'x', `--bearer=${SECRET}`],
    ['add', URL, '--name', 'x', '--bearer', SECRET],
    ['add', '--bearer', SECRET, URL],
    ['verify', 'x', `--credential-stdin=${SECRET}`],
    ['verify', 'x', `--no-credential=${SECRET}`],
    ['verify', 'x', '--token', SECRET],
    ['verify', 'x', `--token=${SECRET}`],
    ['verify', 'x', '--password', SECRET],
    ['verify', 'x', `--api-key=${SECRET}`],
    ['bridge', 'x', '--credential', `one=${SECRET}`],
    ['bridge', 'x', `--credential=one=${SECRET}`],
  ])('with a credential is refused without repeating it: %s %s %s %s %s', (...argv) => {
    const said = rejection(() => refuseCredentialInArgv(argv));
    expect(said).toContain('credential_in_argv');
    expect(said).not.toContain(SECRET);
  });

  it.each([
    ['add', URL, '--name', 'x', '--bearer'],
    ['add', '--bearer', URL, '--name', 'x'],
    ['verify', 'x', '--bearer', '--credential-stdin'],
    ['ls', '--token-file', '/run/token'],
    ['bridge', 'x', '--credential', 'one=env:ONE_TOKEN'],
    ['bridge', 'x', '--credential=one:X-Api-Key=env:ONE_TOKEN'],
  ])('without one passes: %s %s %s %s', (...argv) => {
    expect(() => refuseCredentialInArgv(argv)).not.toThrow();
  });

  it('with a credential for a bridge says how to give it one', () => {
    const refused = (): void => refuseCredentialInArgv(['bridge', 'x', '--credential', `one=${SECRET}`]);
    expect(refused).toThrow(
      expect.objectContaining({ notes: expect.arrayContaining([expect.stringMatching(/=env:/)]) }),
    );
  });

  it.each([`X-Api-Key: ${SECRET}`, `X-Api-Key=${SECRET}`, `X-Api-Key:${SECRET}`, `Authorization Bearer`])(
    'names a header and not its value: %s',
    (text) => {
      const said = rejection(() => headerName(text));
      expect(said).toContain('credential_in_argv');
      expect(said).not.toContain(SECRET);
    },
  );

  it('names no header that can carry none', () => {
    expect(() => headerName('Host')).toThrow(expect.objectContaining({ code: 'header_forbidden' }));
    expect(headerName('X-Api-Key')).toBe('X-Api-Key');
  });

  it('has no credential in a text for people', () => {
    const token = `ghp_${SECRET.replaceAll('-', '')}Z9Z9Z9`;
    const said = rejection(() => plainText('--description')(`the one of ${token}`));
    expect(said).toContain('credential_in_argv');
    expect(said).not.toContain(token);
    expect(plainText('--name')('Basic tools')).toBe('Basic tools');
  });

  it('names a user and not the password', () => {
    expect(() => basicUser(`me:${SECRET}`)).toThrow(expect.objectContaining({ code: 'credential_in_argv' }));
    expect(basicUser('me')).toBe('me');
  });
});
