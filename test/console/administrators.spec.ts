import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

interface Made {
  id: string;
  token: string;
}

describe.skipIf(!hasChromium())('administrators', () => {
  let lethe: Embedded;
  let open: OpenConsole;
  const make = (name: string, role: string): Promise<Made> => lethe.admin.ask('POST', '/admins', { name, role });
  const statusOf = async (token: string): Promise<number> => {
    const answer = await fetch(`${lethe.registryUrl}/v1/admins/me`, { headers: { authorization: `Bearer ${token}` } });
    await answer.body?.cancel();
    return answer.status;
  };

  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/administrators');
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('makes one whose token is shown once and works', async () => {
    verifies('console.administrators');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('row', { name: /first administrator You/ }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('administrators');
    await page.getByRole('button', { name: 'Make an administrator' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make an administrator' }).click();
    await dialog.getByText(/Please fill this in|does not take this/).waitFor();
    await dialog.getByLabel('Name').fill('CI of the platform');
    await dialog.getByLabel('Role').selectOption('editor');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('administrators-create');
    await dialog.getByRole('button', { name: 'Make an administrator' }).click();
    await dialog.getByText('Store this token now').waitFor();
    const token = await dialog.getByRole('region', { name: 'The token' }).innerText();
    expect(await statusOf(token.trim())).toBe(200);
    await page.keyboard.press('Escape');
    await dialog.getByText(/The token is still in sight/).waitFor();
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /CI of the platform/ }).waitFor();
    expect(await page.getByText(token.trim()).count()).toBe(0);
  });

  it('merges a change by hand that somebody else has made meanwhile, and undoes it', async () => {
    verifies('console.administrators');
    verifies('console.edit-merged-by-hand');
    const { page } = open;
    const { id } = await make('Night shift', 'viewer');
    await open.signIn(lethe.admin.token);
    await page.getByRole('link', { name: 'Night shift' }).click();
    const dialog = page.getByRole('dialog').first();
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.getByLabel('Name').fill('Night shift of support');
    await lethe.admin.ask('PATCH', `/admins/${id}`, { name: 'Night shift, team blue', role: 'editor' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    const merge = page.getByRole('dialog', { name: 'Somebody else has changed this, too' });
    await merge.getByText('What only they changed is taken over: Role.').waitFor();
    await merge.getByRole('radio', { name: /Yours/ }).check();
    await merge.getByRole('button', { name: 'Take over and look again' }).click();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Night shift of support is changed').waitFor();
    expect(await lethe.admin.ask('GET', `/admins/${id}`)).toMatchObject({
      name: 'Night shift of support',
      role: 'editor',
    });
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
    expect(await lethe.admin.ask('GET', `/admins/${id}`)).toMatchObject({
      name: 'Night shift, team blue',
      role: 'editor',
    });
  });

  it('replaces a token while the old one works on', async () => {
    const { page } = open;
    const made = await make('Nightly export', 'viewer');
    await open.signIn(lethe.admin.token);
    await page.getByRole('link', { name: 'Nightly export' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Replace the token' }).click();
    await dialog.getByLabel('The old token works on for').selectOption('An hour');
    await dialog.getByRole('button', { name: 'Make the new token' }).click();
    const token = (await dialog.getByRole('region', { name: 'The token' }).innerText()).trim();
    await open.picture('administrators-token');
    expect(token).not.toBe(made.token);
    expect([await statusOf(token), await statusOf(made.token)]).toEqual([200, 200]);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByRole('row', { name: /Nightly export.*Old token still valid/ }).waitFor();
  });

  it('removes one for good only once the name was typed, by the keyboard alone', async () => {
    verifies('console.keyboard');
    const { page } = open;
    const made = await make('Leaver', 'editor');
    await open.signIn(lethe.admin.token);
    await page.getByRole('link', { name: 'Leaver' }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const remove = dialog.getByRole('button', { name: 'Remove', exact: true });
    await remove.waitFor();
    await tabTo(remove);
    await page.keyboard.press('Enter');
    const go = dialog.getByRole('button', { name: 'Remove for good' });
    await go.waitFor();
    const name = dialog.getByLabel('Type the name to remove it: Leaver');
    await tabTo(name);
    await page.keyboard.type('Leave');
    await expect.poll(() => go.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('Enter');
    expect(await statusOf(made.token)).toBe(200);
    await page.keyboard.type('r');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('administrators-remove');
    await page.keyboard.press('Enter');
    await page.getByText('Leaver is removed').waitFor();
    expect(await statusOf(made.token)).toBe(401);
  });

  it('keeps the last administrator, and says what to do first', async () => {
    verifies('console.administrators');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('link', { name: 'first administrator' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await dialog.getByText(/^This is you\./).waitFor();
    await dialog.getByLabel('Role').selectOption('viewer');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText(/Make another one of that kind first/).waitFor();
    await open.picture('administrators-last');
    expect(await lethe.admin.ask('GET', '/admins/me')).toMatchObject({ role: 'admin' });
  });

  it('shows an editor who they are, and no one else', async () => {
    await open.close();
    open = await openConsole(
      lethe.registryUrl,
      { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
      '/administrators',
    );
    const { page } = open;
    const { token } = await make('Editor of gateways', 'editor');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await open.signIn(token);
    await page.getByRole('heading', { name: 'You are Editor of gateways' }).waitFor();
    await page.getByText('The list is for the role Admin').waitFor();
    expect(await page.getByRole('button', { name: 'Make an administrator' }).count()).toBe(0);
    expect(asked).not.toContain('/v1/admins');
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('administrators-360-dark');
  });
});
