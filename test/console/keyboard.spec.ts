import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

const SCREENS = [
  'Home',
  'Gateways',
  'Catalogue',
  'Virtual servers',
  'Connect',
  'Try it',
  'Activity',
  'Keys',
  'Audit log',
  'Administrators',
  'Settings',
];

describe.skipIf(!hasChromium())('somebody without a mouse', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded();
    await lethe.admin.createGateway({ name: 'Tickets', slug: 'tickets', url: 'https://tickets.example.com/mcp' });
    await lethe.admin.ask('POST', '/servers', { name: 'Desk', slug: 'desk' });
  });
  afterAll(() => lethe?.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  /** Types the token and presses Enter. */
  async function signIn(): Promise<void> {
    const { page } = open;
    await tabTo(page.getByLabel('Administrator token'));
    await page.keyboard.type(lethe.admin.token);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation', { name: 'Screens' }).waitFor();
  }

  it('signs in, goes to every screen and signs out, and axe finds nothing serious on any', async () => {
    verifies('console.keyboard');
    verifies('console.accessible');
    const { page } = open;
    await signIn();
    const found: string[] = [];
    for (const name of SCREENS) {
      await tabTo(page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name, exact: true }));
      await page.keyboard.press('Enter');
      await page
        .getByRole('navigation', { name: 'Screens' })
        .locator('[aria-current=page]', { hasText: name })
        .waitFor();
      await page.getByRole('heading', { level: 1 }).waitFor();
      found.push(...(await open.seriousFindings()).map((finding) => `${name}: ${finding}`));
    }
    await tabTo(page.getByRole('button', { name: 'Sign out' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('Administrator token').waitFor();
    expect(found).toEqual([]);
  });

  it('looks further back in the activity', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await signIn();
    await open.go('/activity');
    await tabTo(page.getByLabel('How far back'));
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.url()).toContain('window=day');
  });

  it('goes from part to part of the settings by arrow keys', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await signIn();
    await open.go('/settings');
    await tabTo(page.getByRole('tab', { name: 'Status' }));
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Document', selected: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Settings', selected: true }).waitFor();
  });
});
