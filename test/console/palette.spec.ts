import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { hasFocus } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

describe.skipIf(!hasChromium())('the palette', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded();
    const { admin } = lethe;
    await admin.createGateway({ name: 'Tickets', slug: 'tickets', url: 'https://tickets.example.com/mcp' });
    await admin.ask('POST', '/servers', { name: 'Ticket desk', slug: 'desk' });
    await admin.ask('POST', '/keys', { name: 'Night tickets', servers: '*' });
  });
  afterAll(() => lethe.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/settings');
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('goes to screens, gateways, virtual servers and keys by name, with the keyboard alone', async () => {
    verifies('console.palette');
    verifies('console.keyboard');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.keyboard.press('Control+k');
    const box = page.getByRole('combobox', { name: /^Go to a screen/ });
    await box.waitFor();
    await page.keyboard.type('tick');
    await page.getByText('3 places').waitFor();
    const places = page.getByRole('listbox', { name: 'Where to go' });
    const names = await places.getByRole('option').allInnerTexts();
    expect(names.map((name) => name.split('\n')[0])).toEqual(['Tickets', 'Ticket desk', 'Night tickets']);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('palette');
    await page.keyboard.press('ArrowUp');
    const chosen = places.getByRole('option', { selected: true });
    await expect.poll(() => chosen.innerText()).toContain('Night tickets');
    await expect.poll(() => box.getAttribute('aria-activedescendant')).toBe(await chosen.getAttribute('id'));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/console/gateways/tickets');
    await page.keyboard.press('Control+k');
    await box.waitFor();
    await page.keyboard.type('audit');
    await places.getByRole('option', { name: /Audit log/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
  });

  it('says that nothing has a name, and gives the focus back when it is closed', async () => {
    const { page } = open;
    await open.signIn(lethe.admin.token);
    const button = page.getByRole('button', { name: /^Go to…/ });
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /^Go to a screen/ }).fill('nothing like it');
    await page.getByText('Nothing has this name.').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus(button)).toBe(true);
    expect(page.url()).toMatch(/\/console\/settings$/);
  });
});
