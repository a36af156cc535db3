import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCliSettings } from '../settings/cli-settings.config.js';
import { findProxyUrl, findRegistry } from './find-registry.js';

const RUNTIME = { registryUrl: 'http://127.0.0.1:4400', proxyUrl: 'http://127.0.0.1:4500/', doorUrl: null, pids: {} };
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'lethe-cli-'));
  await mkdir(join(cwd, '.lethe'));
  await writeFile(join(cwd, '.lethe', 'runtime.json'), JSON.stringify(RUNTIME));
  await writeFile(join(cwd, '.lethe', 'admin-token'), 'lethe_admin_first\n');
});
afterEach(() => rm(cwd, { recursive: true }));

const find = (env: NodeJS.ProcessEnv = {}, flags = {}) => findRegistry(readCliSettings(env, cwd), flags);

describe('the registry', () => {
  it('is the one that runs from this directory', async () => {
    expect(await find()).toEqual({ url: 'http://127.0.0.1:4400', token: 'lethe_admin_first' });
  });

  it('is what the flag says, before what the environment says', async () => {
    const env = { LETHE_URL: 'https://env.example/', LETHE_TOKEN: 'from-env' };
    const tokenFile = join(cwd, 'token');
    await writeFile(tokenFile, ' from-file \n');
    expect(await find(env)).toEqual({ url: 'https://env.example', token: 'from-env' });
    expect(await find(env, { url: 'https://flag.example/base/', tokenFile })).toEqual({
      url: 'https://flag.example/base',
      token: 'from-file',
    });
  });

  it('is the one of another data directory', async () => {
    expect(await find({ LETHE_HOME: '.lethe', LETHE_URL: '' })).toMatchObject({ url: 'http://127.0.0.1:4400' });
    await expect(find({ LETHE_HOME: 'other' })).rejects.toMatchObject({ code: 'registry_unknown' });
  });

  it.each([
    'ftp://a.example',
    'a.example',
    'https://user:pass@a.example',
    'https://a.example?token=b',
    'https://a.example#b',
  ])('is never at %s', async (url) => {
    const error: unknown = await find({}, { url }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'registry_url', kind: 'usage' });
    expect(String(error)).not.toContain('pass');
  });

  it('is not asked without a token', async () => {
    await rm(join(cwd, '.lethe', 'admin-token'));
    await expect(find()).rejects.toMatchObject({ code: 'token_unknown' });
    await expect(find({ LETHE_TOKEN: 'two words' })).rejects.toMatchObject({ code: 'token_unknown' });
  });

  it('has proxies where the runtime file of the same registry says', async () => {
    const settings = readCliSettings({}, cwd);
    expect(await findProxyUrl(settings, { url: 'http://127.0.0.1:4400', token: '' })).toBe('http://127.0.0.1:4500');
    expect(await findProxyUrl(settings, { url: 'https://other.example', token: '' })).toBeUndefined();
    const published = readCliSettings({ LETHE_PUBLIC_URL: 'https://mcp.example/' }, cwd);
    expect(await findProxyUrl(published, { url: 'https://other.example', token: '' })).toBe('https://mcp.example');
  });
});
