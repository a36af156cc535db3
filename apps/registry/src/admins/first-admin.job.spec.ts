import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '@lethe/platform';
import { newSecret } from '@lethe/sealing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenToken } from './first-admin.job.js';

describe('the token that the first administrator is given', () => {
  const made = newSecret('lethe_admin');
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lethe-admin-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string) => {
    const file = join(folder, 'admin-token');
    await writeFile(file, text);
    return givenToken(file);
  };

  it('is what the file holds, with or without a line end', async () => {
    const { id, secret, token } = made;
    expect(await read(token)).toEqual({ id, secret });
    expect(await read(`${token}\n`)).toEqual({ id, secret });
  });

  it.each([
    ['nothing', ''],
    ['a word of choice', 'correct horse battery staple'],
    ['half a token', made.token.slice(0, 40)],
    ['a caller’s key', newSecret('lethe_key').token],
  ])('is refused when it is %s, and not repeated', async (_title, text) => {
    const refusal = await read(text).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartError);
    expect(String(refusal)).toContain('LETHE_ADMIN_TOKEN_FILE: must hold what `lethe trust admin-token` printed');
    expect(text !== '' && String(refusal).includes(text)).toBe(false);
  });

  it('is missed by the name of its setting', async () => {
    await expect(givenToken(join(folder, 'none'))).rejects.toThrow('LETHE_ADMIN_TOKEN_FILE: can not be read');
  });
});
