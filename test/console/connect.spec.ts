import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { looksRight } from '../support/console/looks.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

interface Settings {
  url: string;
  headers: Record<string, string>;
}
const KEY = /lethe_key_[0-9a-f]{16}_[\w-]+/;
const token = `tok_${randomBytes(24).toString('base64url')}`;
/** Proxies tell every five seconds of calls, and the page asks every two. */
const TOLD = { timeout: 30_000 };

describe.skipIf(!hasChromium())('connecting a client, in the console', () => {
  let lethe: Embedded;
  let upstream: Upstream;
  let open: OpenConsole;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startEmbedded(), startModernUpstream({ token: [token], name: 'tickets' })]);
  });
  afterAll(async () => {
    await Promise.allSettled([lethe?.stop(), upstream?.close()]);
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/connect');
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const button = (name: string) => open.page.getByRole('button', { name, exact: true });
  const shown = (label: string) => open.page.getByRole('region', { name: label }).innerText();
  const keyShown = async () => KEY.exec(await shown('The key, as the value of LETHE_KEY'))?.[0] ?? '';
  /** The settings of one virtual server in the file that the page shows, with variables as the client has them. */
  const configured = async (client: string, variables: Record<string, string>): Promise<Settings> => {
    const content = await shown(`Configuration of ${client}`);
    const expanded = content.replaceAll(/\$\{(?:env:)?(\w+)\}/g, (_all, name: string) => variables[name] ?? '');
    return JSON.parse(expanded).mcpServers.desk;
  };
  const called = async ({ url, headers }: Settings): Promise<string> => {
    const client = await connectLegacy(
      url,
      Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== 'Bearer ')),
    );
    try {
      const answer = await client.callTool({ name: 'echo', arguments: { text: 'hello' } }).catch(String);
      return JSON.stringify(answer);
    } finally {
      await client.close();
    }
  };

  it('says what to make first where there is no virtual server', async () => {
    await open.page.getByRole('heading', { name: 'There is no virtual server to connect to' }).waitFor();
    await looksRight(open, 'connect-empty');
  });

  it('goes from a key to the first call, by exactly what the page shows', async () => {
    verifies('console.accessible');
    const { page } = open;
    const { admin } = lethe;
    const gateway = await admin.register(
      {
        name: 'Tickets',
        slug: 'tickets',
        url: upstream.url,
        passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }],
      },
      token,
    );
    expect(gateway.verification.state).toBe('verified');
    await admin.ask('POST', '/servers', { name: 'Desk', include: [{ gateway: 'tickets' }] });
    await page.getByRole('combobox', { name: 'Client' }).selectOption('Cursor');
    await page.getByText('Waiting for your client').waitFor();
    await button('Issue a key').click();
    await button('Issue the key').click();
    await page.getByRole('group', { name: 'Store this key now' }).waitFor();
    const key = await keyShown();
    await looksRight(open, 'connect-key');

    // It does not leave what nobody has stored.
    await page.getByRole('link', { name: 'Gateways', exact: true }).click();
    await page.getByText('The key is still in sight').waitFor();
    await button('I have stored it').click();
    expect(await page.content()).not.toContain(key);

    await servedBy(lethe.proxyUrl, 'desk', key);
    expect(await called(await configured('Cursor', { LETHE_KEY: key }))).toContain('credential');
    await page.getByText('lethe-test/1.0.0 has reached Lethe, but a call failed').waitFor(TOLD);
    await page.getByText('The call had no credential for tickets. Set TICKETS_TOKEN').waitFor();
    await looksRight(open, 'connect-failing');

    expect(await called(await configured('Cursor', { LETHE_KEY: key, TICKETS_TOKEN: token }))).toContain(
      'tickets: hello',
    );
    await page.getByText('lethe-test/1.0.0 is connected').waitFor(TOLD);
    await looksRight(open, 'connect-connected');

    // Neither the key nor the token stands anywhere that outlives the moment.
    const kept = await page.evaluate(
      'JSON.stringify([location.href, document.cookie, { ...localStorage }, { ...sessionStorage }])',
    );
    const all = `${String(kept)}${await page.content()}`;
    for (const secret of [key, token, lethe.admin.token]) expect(all).not.toContain(secret);
  }, 180_000);

  it('has an address that Visual Studio Code opens, with prompts in the place of secrets', async () => {
    const { page } = open;
    await page.getByRole('combobox', { name: 'Client' }).selectOption('Visual Studio Code');
    const link = (await page.getByRole('link', { name: 'Add to Visual Studio Code' }).getAttribute('href')) ?? '';
    const { name, inputs, ...settings } = JSON.parse(decodeURIComponent(link.slice('vscode:mcp/install?'.length)));
    expect({ inputs, servers: { [name]: settings } }).toEqual(
      JSON.parse(await shown('Configuration of Visual Studio Code')),
    );
    expect(settings).toMatchObject({
      url: `${lethe.proxyUrl}/servers/desk/mcp`,
      headers: { Authorization: 'Bearer ${input:lethe-key}' },
    });
    await page.getByRole('radio', { name: /^From lethe bridge/ }).check();
    await page.getByRole('region', { name: 'Configuration of Visual Studio Code' }).getByText('"bridge"').waitFor();
    expect(new URL(page.url()).searchParams.get('way')).toBe('bridge');
    await looksRight(open, 'connect-vscode');
  });

  it('is done by the keyboard alone, and copies the command', async () => {
    const { page } = open;
    const { keyboard } = page;
    await page.getByText('Waiting for your client').waitFor();
    const reach = async (name: string): Promise<void> => {
      const isThere = `document.activeElement.matches('button, a, input, select, summary') && (document.activeElement.labels?.[0]?.textContent || document.activeElement.textContent).includes(${JSON.stringify(name)})`;
      for (let presses = 0; presses < 60; presses += 1) {
        if (await page.evaluate(isThere)) return;
        await keyboard.press('Tab');
      }
      throw new Error(`no Tab leads to ${name}`);
    };
    await page.locator('h1').focus();
    await reach('Client');
    await keyboard.type('Claude');
    await page.getByRole('region', { name: 'Command for Claude Code' }).waitFor();
    await reach('Issue a key');
    await keyboard.press('Enter');
    await page.getByLabel('Name').waitFor();
    await reach('Name');
    await keyboard.press('Enter');
    await page.getByRole('group', { name: 'Store this key now' }).waitFor();
    await reach('Copy');
    await keyboard.press('Enter');
    await page.getByText('Copied').waitFor();
    const key = await keyShown();
    await reach('I have stored it');
    await keyboard.press('Enter');
    await page.getByRole('link', { name: /^Issued: Claude Code/ }).waitFor();
    // The page itself may not read the clipboard: a person pastes.
    await reach('Issue another one');
    await keyboard.press('Enter');
    await page.getByLabel('Name').waitFor();
    await keyboard.press('Control+A');
    await keyboard.press('Control+V');
    await expect.poll(() => page.getByLabel('Name').inputValue()).toBe(key);
    await reach('Cancel');
    await keyboard.press('Enter');
    await reach('Nothing has come yet');
    await keyboard.press('Enter');
    await page.getByText('Does its machine reach the proxies').waitFor();
    await looksRight(open, 'connect-checks');
  });

  it('shows a viewer the configuration, and no way to issue a key', async () => {
    const { page } = open;
    const viewer = await lethe.admin.ask<{ token: string }>('POST', '/admins', { name: 'Vera', role: 'viewer' });
    await button('Sign out').click();
    await open.signIn(viewer.token);
    await page.getByText('Your role can not issue keys').waitFor();
    await page.getByRole('region', { name: /^Configuration of/ }).waitFor();
    expect(await page.getByRole('button', { name: /Issue/ }).count()).toBe(0);
  });
});
