import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { hasFocus, tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

interface Made {
  id: string;
  token: string;
}

describe.skipIf(!hasChromium())('the audit log', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded();
    const { admin } = lethe;
    await admin.createGateway({ name: 'Tickets', slug: 'tickets', url: 'https://tickets.example.com/mcp' });
    await admin.ask('PATCH', '/gateways/tickets', { name: 'Tickets of support', tags: ['support'] });
    await admin.createGateway({ name: 'Wiki', slug: 'wiki', url: 'https://wiki.example.com/mcp' });
    await admin.ask('DELETE', '/gateways/wiki');
  });
  afterAll(() => lethe.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/audit');
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('says that the log is whole, and shows a change with its fields before and after', async () => {
    verifies('console.audit');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByText(/^Whole: all \d+ entries are what was written/).waitFor();
    await page.getByRole('link', { name: 'Gateway changed' }).click();
    const dialog = page.getByRole('dialog', { name: /Gateway changed/ });
    await dialog.getByText('2 fields have changed:').waitFor();
    const changed = dialog.getByRole('table').first();
    await changed.getByRole('row', { name: /name Tickets Tickets of support/ }).waitFor();
    await expect.poll(() => changed.getByRole('row').count()).toBe(3);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('audit-entry');
    await dialog.getByRole('link', { name: 'All entries about it' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('2 rows').waitFor();
    expect(new URL(page.url()).searchParams.get('target')).not.toBeNull();
  });

  it('shows what happens while it is open, and finds it by what is in the address', async () => {
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByText('Gateway wiki').first().waitFor();
    await lethe.admin.ask('POST', '/servers', { name: 'Desk', slug: 'desk' });
    await page.getByRole('link', { name: 'Virtual server made' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('audit');
    await page.getByLabel('Operation').selectOption('deleteGateway');
    await page.getByText('1 row').waitFor();
    expect(page.url()).toContain('operation=deleteGateway');
    await page.getByLabel('About (slug, id or kind)').fill('nothing-like-it');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'Virtual server made' }).waitFor();
    await page.getByLabel('From').fill('2099-01-01T00:00');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
  });

  it('hands the whole log over as JSON lines, without the token in an address', async () => {
    verifies('console.audit');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    const asked = page.waitForRequest(/\/v1\/audit\/export/);
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download as JSON lines' }).click();
    const file = await (await downloaded).path();
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    const entries = lines.map((line) => JSON.parse(line) as { seq: number; operation: string });
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ operation }) => operation)).toContain('changeGateway');
    expect((await asked).url()).not.toContain(lethe.admin.token);
  });

  it('opens an entry by the keyboard alone, and gives the focus back', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    const link = page.getByRole('link', { name: 'Gateway changed' });
    await link.waitFor();
    await tabTo(link);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /Gateway changed/ });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(link)).toBe(true);
  });

  it('tells a viewer what is left out, and offers no export', async () => {
    const { page } = open;
    const viewer = await lethe.admin.ask<Made>('POST', '/admins', { name: 'Reader', role: 'viewer' });
    await open.signIn(viewer.token);
    await page.getByText('What was done to other administrators is shown to the role admin only.').waitFor();
    await page.getByRole('link', { name: 'Gateway deleted' }).waitFor();
    expect(await page.getByRole('button', { name: /Download/ }).count()).toBe(0);
    await expect.poll(() => page.getByRole('link', { name: /administrator made/i }).count()).toBe(1);
  });

  it('fits a telephone in the dark', async () => {
    verifies('console.accessible');
    await open.close();
    open = await openConsole(
      lethe.registryUrl,
      { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
      '/audit',
    );
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('link', { name: 'Gateway changed' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await open.picture('audit-360-dark');
    await page.getByRole('link', { name: 'Gateway changed' }).click();
    await page.getByRole('dialog').getByText('2 fields have changed:').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('audit-entry-360-dark');
  });
});
