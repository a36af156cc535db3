import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { makeHome, removeHome, startProcess, until } from '../support/processes.js';

describe('a start', () => {
  let lethe: Embedded;
  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe?.stop());

  /** The last line of a start that fails. */
  async function failedStart(home: string, env: Record<string, string>, name: string): Promise<string> {
    const process = startProcess('standalone', home, env, name);
    await until('the start to fail', () => (process.hasExited() ? true : undefined), 40_000);
    return until('its last line', async () => /"msg":"Start failed".*/.exec(await process.log())?.[0]);
  }

  it('says in one line where everything is', async () => {
    verifies('start.says-where');
    // The last line of a start: it may follow the file by which the start was noticed.
    const line = await until('the line', async () => /.*\/docs.*/.exec(await lethe.process.log())?.[0]);
    expect(line).toContain(`${lethe.registryUrl}/docs`);
    expect(line).toContain(`${lethe.proxyUrl}/servers/<slug>/mcp`);
  });

  it('on a data directory in use says what runs there and where, and leaves the first one alone', async () => {
    verifies('start.says-why-not');
    const before = await readFile(join(lethe.home, 'runtime.json'), 'utf8');
    const line = await failedStart(lethe.home, {}, 'second');
    expect(line).toContain('LETHE_HOME');
    expect(line).toContain(`${lethe.registryUrl}/docs`);
    expect(line).toContain(`${lethe.proxyUrl}/servers/<slug>/mcp, process ${lethe.process.pid}`);
    // Another database does not make it another directory.
    const elsewhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    expect(await failedStart(lethe.home, elsewhere, 'third')).toContain('LETHE_HOME');
    expect(await readFile(join(lethe.home, 'runtime.json'), 'utf8')).toBe(before);
    expect((await fetch(`${lethe.registryUrl}/readyz`)).status).toBe(200);
  });

  it('on a chosen port that is taken names the setting', async () => {
    verifies('start.says-why-not');
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const home = await makeHome();
    const port = String((other.address() as AddressInfo).port);
    expect(await failedStart(home, { REGISTRY_PORT: '0', DOOR_PORT: '0', PROXY_PORT: port }, 'taken')).toContain(
      'PROXY_PORT',
    );
    other.close();
    await removeHome(home);
  });
});
