import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const TOKEN = 'a-token-of-the-gateway-story';
interface Shown {
  name: string;
  description: string | null;
  tags: string[];
  enabled: boolean;
  kept: object | null;
}

describe.skipIf(!hasChromium())('the screen of one gateway', () => {
  let lethe: Embedded;
  let open: OpenConsole;
  let upstream: Upstream;
  let slug: string;
  let name: string;
  let count = 0;

  beforeAll(async () => {
    lethe = await startEmbedded({ LETHE_KEPT_CREDENTIALS: 'on' });
    upstream = await startModernUpstream({ name: 'notes', token: TOKEN });
  });
  afterAll(async () => {
    await lethe?.stop();
    await upstream?.close();
  });
  beforeEach(async () => {
    count += 1;
    [slug, name] = [`notes-${count}`, `Notes ${count}`];
    await lethe.admin.register({ name, slug, url: upstream.url }, TOKEN);
    open = await openConsole(lethe.registryUrl, {}, `/gateways/${slug}`);
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const shown = (): Promise<Shown> => lethe.admin.ask<Shown>('GET', `/gateways/${slug}`);
  const makeServer = () => {
    const items = [{ gateway: slug, kind: 'tool', name: 'echo' }];
    return lethe.admin.ask('POST', '/servers', { name: `Desk ${count}`, slug: `desk-${count}`, items });
  };

  it('says what it is, what virtual servers use of it, and where its items are', async () => {
    const { page } = open;
    await makeServer();
    await page.getByText('Modern fixture notes 1.0.0').waitFor();
    await page.getByText('1 item of it').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateway-overview');
    await page.getByRole('tab', { name: 'Items' }).click();
    await expect
      .poll(() => page.getByRole('link', { name: '4 Tools' }).getAttribute('href'))
      .toContain(`gateway=${slug}`);
    await open.picture('gateway-items');
  });

  it('shows the receipt of a verification, checks it in the page, and gives it away', async () => {
    verifies('console.receipt-checked-in-page');
    const { page } = open;
    await page.getByRole('tab', { name: 'Verifications' }).click();
    await page.getByRole('button', { name: 'Receipt of attempt 1' }).click();
    await page.getByText('The signature is right').waitFor();
    await page.getByText(`It may have gone to ${new URL(upstream.url).origin}`).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateway-receipt');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the receipt' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it('tells a receipt that somebody has changed', async () => {
    verifies('console.receipt-checked-in-page');
    const { page } = open;
    await page.route('**/verifications?*', async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      // Another signature of the same length.
      const body = text.replace(/("receipt":"[\w-]+\.[\w-]+\.)[\w-]{4}/g, '$1AAAA');
      await route.fulfill({ response, body });
    });
    await page.getByRole('tab', { name: 'Verifications' }).click();
    await page.getByRole('button', { name: 'Receipt of attempt 1' }).click();
    await page.getByText('This receipt proves nothing').waitFor();
  });

  it('switches off at once, and on again by undo', async () => {
    const { page } = open;
    await page.getByRole('button', { name: 'Switch off' }).click();
    await page.getByText(`${name} is switched off.`).waitFor();
    expect(await shown()).toMatchObject({ enabled: false });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Switch off' }).waitFor();
    await page.getByText('Undone').waitFor();
    expect(await shown()).toMatchObject({ enabled: true });
  });

  it('merges an edit by hand with what somebody else has saved in the meantime; both are kept', async () => {
    verifies('console.edit-merged-by-hand');
    const { page } = open;
    await page.getByRole('tab', { name: 'Edit' }).click();
    await page.getByLabel('Name', { exact: true }).first().fill(`${name} of the team`);
    await page.getByLabel('Description').fill('Mine');
    const theirs = { description: 'Theirs', tags: ['shared'] };
    await lethe.admin.ask('PATCH', `/gateways/${slug}`, theirs);
    await page.getByText('Somebody else has saved a change of this gateway').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Somebody else has changed this, too' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateway-merge');
    await page.getByRole('radio', { name: 'Theirs' }).check();
    await page.getByRole('button', { name: 'Take over and look again' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`${name} of the team is saved.`).waitFor();
    expect(await shown()).toMatchObject({ name: `${name} of the team`, ...theirs });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone').waitFor();
    expect(await shown()).toMatchObject({ name, ...theirs });
  });

  it('says at a field what the registry refuses, and keeps what was typed', async () => {
    const { page } = open;
    await page.getByRole('tab', { name: 'Edit' }).click();
    const failures = page.getByLabel('Failures in a row');
    await failures.fill('0');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => failures.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => failures.inputValue()).toBe('0');
    await open.picture('gateway-edit');
    await failures.fill('3');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(`${name} is saved.`).waitFor();
    expect(await shown()).toMatchObject({ limits: { breaker: { failures: 3, openSeconds: 10 } } });
  });

  it('is deleted only after it has said which virtual servers have it, and is back by undo', async () => {
    const { page } = open;
    await makeServer();
    await page.getByRole('tab', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('link', { name: `Desk ${count}` }).waitFor();
    const remove = dialog.getByRole('button', { name: 'Delete', exact: true });
    await expect.poll(() => remove.getAttribute('aria-disabled')).toBe('true');
    await open.picture('gateway-delete');
    await dialog.getByRole('checkbox').check();
    await remove.click();
    await page.getByText(`${name} is deleted.`).waitFor();
    expect((await lethe.admin.request('GET', `/gateways/${slug}`)).status).toBe(404);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    const server = await lethe.admin.ask<{ exposed: object[] }>('GET', `/servers/desk-${count}`);
    expect(server.exposed).toHaveLength(1);
  });

  it('shows the credential that is kept, and forgets it after it has said what follows', async () => {
    const { page } = open;
    await page.getByRole('tab', { name: 'Credential' }).click();
    await page.getByText(`lethe keep ${slug}`).waitFor();
    await lethe.admin.keep(slug, { scheme: 'bearer', token: TOKEN });
    await page.getByText('A credential is kept', { exact: true }).waitFor();
    await page.getByText('Used for calls').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateway-kept');
    await page.getByRole('button', { name: 'Forget it' }).click();
    await page.getByRole('dialog').getByText('It can not be brought back').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Forget it' }).click();
    await page.getByText('The credential is forgotten').waitFor();
    await page.getByText('The last one was forgotten').waitFor();
    expect(await shown()).toMatchObject({ kept: null });
  });

  it('is edited and saved with the keyboard alone', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await tabTo(page.getByRole('tab', { name: 'Overview' }));
    await page.keyboard.press('End');
    await tabTo(page.getByLabel('Tags'));
    await page.keyboard.type('notes, team');
    await page.keyboard.press('Enter');
    await page.getByText(`${name} is saved.`).waitFor();
    expect(await shown()).toMatchObject({ tags: ['notes', 'team'] });
  });

  it('offers a viewer nothing that changes it', async () => {
    verifies('console.viewer-changes-nothing');
    const { page } = open;
    const viewer = await lethe.admin.ask<{ token: string }>('POST', '/admins', {
      name: `eyes-${count}`,
      role: 'viewer',
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await open.signIn(viewer.token);
    await page.getByText('Modern fixture notes 1.0.0').waitFor();
    expect(await page.getByRole('tab').allTextContents()).toEqual(['Overview', 'Items', 'Verifications', 'Credential']);
    expect(await page.getByRole('button', { name: /Switch|Delete|Forget/ }).count()).toBe(0);
    expect(await page.getByRole('link', { name: /Verify/ }).count()).toBe(0);
  });

  it('can be read on a small screen and in the dark; an unknown one is told', async () => {
    verifies('console.accessible');
    const { page } = open;
    await page.getByText('Modern fixture notes 1.0.0').waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await open.seriousFindings()).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    await open.picture('gateway-360-dark');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByRole('tab', { name: 'Edit' }).click();
    await open.picture('gateway-edit-360');
    await page.getByRole('tab', { name: 'Verifications' }).click();
    await page.getByRole('button', { name: 'Receipt of attempt 1' }).waitFor();
    await open.picture('gateway-verifications-360');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await open.go('/gateways/nobody-knows');
    await page.getByRole('alert').waitFor();
  });
});
