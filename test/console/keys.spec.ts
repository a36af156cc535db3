import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { askWhetherServed, servedBy } from '../support/calls.js';
import { looksRight } from '../support/console/looks.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { eventually } from '../support/eventually.js';

interface Issued {
  id: string;
  key: string;
}
const KEY = /lethe_key_[0-9a-f]{16}_[\w-]+/;
/** Proxies tell every five seconds which keys were used. */
const TOLD = { timeout: 30_000 };

describe.skipIf(!hasChromium())('the keys of callers, in the console', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded();
    for (const name of ['Desk', 'Lab']) await lethe.admin.ask('POST', '/servers', { name });
  });
  afterAll(() => lethe.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/keys');
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const button = (name: string) => open.page.getByRole('button', { name, exact: true });
  const issue = (name: string, more: object = {}): Promise<Issued> =>
    lethe.admin.ask('POST', '/keys', { name, servers: ['desk'], ...more });
  const works = async (key: string) => (await askWhetherServed(lethe.proxyUrl, 'desk', { key })).isServed;
  /** The key that is shown, which is gone from the page when it is stored. */
  const storeShown = async (): Promise<string> => {
    const shown = await open.page.getByRole('region', { name: 'The key' }).innerText();
    const [key = ''] = KEY.exec(shown) ?? [];
    await button('I have stored it').click();
    await open.page.getByRole('group', { name: 'Store this key now' }).waitFor({ state: 'detached' });
    expect(await open.page.content()).not.toContain(key);
    return key;
  };

  it('are issued by the keyboard alone, shown once, and not lost by a key that closes dialogs', async () => {
    verifies('console.keyboard');
    const { page } = open;
    const { keyboard } = page;
    await page.getByRole('heading', { name: 'No key yet' }).waitFor();
    await looksRight(open, 'keys-empty');
    await page.locator('h1').focus();
    await keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Issue a key');
    await keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await keyboard.press('Tab');
    await keyboard.type('CI of team blue');
    await keyboard.press('Tab');
    await keyboard.type('Desk');
    await page.getByRole('button', { name: 'Remove desk' }).waitFor();
    await page.getByLabel('Roles').focus();
    await keyboard.type('eng ops');
    await keyboard.press('Enter');
    await page.getByRole('group', { name: 'Store this key now' }).waitFor();
    await keyboard.press('Escape');
    await keyboard.press('Escape');
    await page.getByText('The key is still in sight').waitFor();
    await looksRight(open, 'keys-issued');
    const key = await storeShown();
    await servedBy(lethe.proxyUrl, 'desk', key);
    await page.getByRole('link', { name: 'CI of team blue' }).waitFor();
    const { items } = await lethe.admin.ask<{ items: object[] }>('GET', '/keys?role=ops');
    expect(items).toMatchObject([{ name: 'CI of team blue', roles: ['eng', 'ops'] }]);
  });

  it('are refused at the field that is wrong', async () => {
    const { page } = open;
    await button('Issue a key').first().click();
    const form = page.getByRole('dialog');
    await form.getByLabel('For all virtual servers').check();
    await form.getByLabel('Roles').fill('*');
    await form.getByRole('button', { name: 'Issue the key' }).click();
    await page
      .getByText(/Please fill this in|not allowed here|does not take this/)
      .first()
      .waitFor();
    await expect.poll(() => form.getByLabel('Roles').getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => form.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
  });

  it('are filtered, and those that end soon are marked', async () => {
    verifies('console.accessible');
    const { page } = open;
    await issue('ends soon', { expiresAt: new Date(Date.now() + 5 * 86_400_000).toISOString(), roles: ['night'] });
    await issue('of the lab', { servers: ['lab'] });
    await page.getByRole('link', { name: 'ends soon' }).waitFor();
    await page.getByText('Ends soon', { exact: true }).waitFor();
    await looksRight(open, 'keys');
    await page.getByLabel('Ends within').selectOption('7 days');
    await page.getByRole('link', { name: 'of the lab' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'ends soon' }).waitFor();
    expect(new URL(page.url()).searchParams.get('ending')).toBe('days7');
    await page.getByRole('searchbox', { name: 'Role' }).fill('nobody');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await button('Clear the filters').click();
    await page.getByRole('combobox', { name: 'Virtual server' }).selectOption('lab');
    await page.getByRole('link', { name: 'ends soon' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'of the lab' }).waitFor();
  });

  it('are replaced by a new one, and the old one works on for as long as was chosen', async () => {
    const { page } = open;
    const old = await issue('a client');
    await servedBy(lethe.proxyUrl, 'desk', old.key);
    await page.getByRole('link', { name: 'a client' }).click();
    await button('Replace').click();
    await page.getByLabel('The old key works on for').selectOption('An hour');
    await looksRight(open, 'keys-replace');
    await button('Make the new key').click();
    await page.getByRole('group', { name: 'Store this key now' }).waitFor();
    const key = await storeShown();
    expect(key).not.toBe(old.key);
    await servedBy(lethe.proxyUrl, 'desk', key);
    expect(await works(old.key)).toBe(true);
    const { expiresAt } = await lethe.admin.ask<{ expiresAt: string }>('GET', `/keys/${old.id}`);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
  });

  it('are changed together with somebody else, field by field', async () => {
    verifies('console.edit-merged-by-hand');
    const { page } = open;
    const { id } = await issue('shared');
    await page.getByRole('link', { name: 'shared', exact: true }).click();
    await button('Change').click();
    const form = page.getByRole('dialog');
    await form.getByLabel('Name').fill('mine');
    await lethe.admin.ask('PATCH', `/keys/${id}`, { name: 'theirs', roles: ['eng'] });
    await page.getByText('Somebody else has changed this key since').waitFor();
    await button('Save').click();
    await page.getByRole('heading', { name: 'Somebody else has changed this, too' }).waitFor();
    await looksRight(open, 'keys-merge');
    await page.getByRole('radio', { name: /^Yours/ }).check();
    await button('Take over and look again').click();
    await button('Save').click();
    await page.getByText('mine is changed').waitFor();
    const read = () => lethe.admin.ask('GET', `/keys/${id}`);
    expect(await read()).toMatchObject({ name: 'mine', roles: ['eng'] });
    await page.keyboard.press('Escape');
    await button('Undo').click();
    await eventually(async () => expect(await read()).toMatchObject({ name: 'theirs', roles: ['eng'] }));
  });

  it('are revoked for good, after it was said when and where they were used last', async () => {
    const { page } = open;
    const { key } = await issue('to be revoked');
    await servedBy(lethe.proxyUrl, 'desk', key);
    await page.getByRole('link', { name: 'to be revoked' }).click();
    await eventually(async () => {
      await page.reload();
      await open.signIn(lethe.admin.token);
      await page.getByRole('dialog').getByText('for Desk').waitFor({ timeout: 2_000 });
    }, TOLD.timeout);
    await looksRight(open, 'keys-one');
    await button('Revoke').click();
    await page.getByText('This can not be undone').waitFor();
    await page.getByText('It was last used').waitFor();
    await looksRight(open, 'keys-revoke');
    await button('Revoke for good').click();
    await page.getByText('to be revoked is revoked').waitFor();
    await page.getByRole('link', { name: 'to be revoked' }).waitFor({ state: 'detached' });
    await eventually(async () => expect(await works(key)).toBe(false));
  });
});
