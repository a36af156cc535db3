import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { startModernUpstream } from '../support/upstreams/index.js';

const DECEPTIVE = 'Adds a label <img src=x onerror=alert(1)> [here](https://evil.example)\u202e\u200b';
const LABEL = z.object({
  issue: z.number().int().min(1).describe('Number of the issue'),
  label: z.enum(['bug', 'idea']).default('bug'),
  by: z.object({ name: z.string(), mail: z.string().optional() }).optional(),
});

describe.skipIf(!hasChromium())('the catalogue', () => {
  let lethe: Embedded;
  let upstream: Awaited<ReturnType<typeof startModernUpstream>>;
  let open: OpenConsole;

  beforeAll(async () => {
    upstream = await startModernUpstream({
      name: 'tickets',
      token: 'upstream-token-of-this-story',
      extend: (server) => {
        server.registerTool(
          'add_label',
          { title: 'Add a label', description: DECEPTIVE, inputSchema: LABEL, annotations: { idempotentHint: true } },
          () => ({ content: [] }),
        );
        for (let n = 0; n < 300; n += 1)
          server.registerTool(`tool_${n}`, { inputSchema: z.object({}) }, () => ({ content: [] }));
      },
    });
    lethe = await startEmbedded();
    const gateway = { name: 'Tickets', slug: 'tickets', url: upstream.url, tags: ['work'] };
    const { verification } = await lethe.admin.register(gateway, 'upstream-token-of-this-story');
    // Its text hides something, so that somebody has to look at it first.
    await lethe.admin.ask('POST', `/gateways/tickets/verifications/${verification.id}/apply`, {});
    await lethe.admin.ask('POST', '/servers', {
      name: 'Desk',
      slug: 'desk',
      items: [{ gateway: 'tickets', kind: 'tool', name: 'add_label', as: 'label_issue' }],
    });
  });
  afterAll(async () => {
    await lethe.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/catalogue');
    await open.signIn(lethe.admin.token);
    await open.page.getByRole('table', { name: 'List of items' }).waitFor();
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('finds items as one types, and keeps what one filters by in the address', async () => {
    const { page } = open;
    await page.getByLabel('Search names and descriptions').pressSequentially('label');
    await page.getByRole('link', { name: 'add_label' }).waitFor();
    await page.getByText('1 row', { exact: true }).waitFor();
    await page.getByLabel('Kind').selectOption('prompt');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    expect(new URL(page.url()).search).toBe('?q=label&kind=prompt');
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByLabel('Kind').selectOption('resource');
    await page.getByRole('link', { name: 'tickets://note' }).waitFor();
    // The rows of the filters before stay in sight until those of the new ones are there.
    await page.getByRole('link', { name: 'add_label' }).waitFor({ state: 'detached' });
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('catalogue-filtered');
  });

  it('has only the rows in sight in the document, and reads on to the end of the list', async () => {
    const { page } = open;
    await page.getByText('200 rows so far').waitFor();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    const frame = page.getByRole('region', { name: 'List of items' });
    await frame.focus();
    // Rows that are measured on the way may end a scroll early, for a person too, who presses the key again.
    const atEnd = async () => {
      await page.keyboard.press('End');
      return page.getByText(/^3\d\d rows$/).count();
    };
    await expect.poll(atEnd, { timeout: 30_000 }).toBe(1);
    expect(await page.getByRole('row').count()).toBeLessThan(60);
  });

  it('shows an item in full by keyboard alone: nothing in it is HTML or a link, and what it hides is seen', async () => {
    verifies('console.keyboard');
    const { page } = open;
    const hasFocus = async (name: string) => (await page.evaluate('document.activeElement.textContent')) === name;
    await page.getByLabel('Search names and descriptions').focus();
    await page.keyboard.type('add_label');
    await page.getByText('1 row', { exact: true }).waitFor();
    for (let n = 0; n < 12 && !(await hasFocus('add_label')); n += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'add_label' });
    await dialog.getByText('as label_issue').waitFor();
    await dialog
      .getByText(String.raw`<img src=x onerror=alert(1)> [here](https://evil.example)\u{202e}\u{200b}`)
      .first()
      .waitFor();
    expect(await dialog.locator('img').count()).toBe(0);
    expect(await Promise.all((await dialog.getByRole('link').all()).map((each) => each.getAttribute('href')))).toEqual([
      '/console/gateways/tickets',
      '/console/servers/desk',
      '/console/try?server=desk&kind=tool&item=label_issue',
    ]);
    await dialog.getByText('Number of the issue', { exact: true }).waitFor();
    await dialog.getByText('May be repeated').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('catalogue-item');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => hasFocus('add_label')).toBe(true);
  });

  it('can be used on a phone, and in the dark', async () => {
    verifies('console.accessible');
    const { page } = open;
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByLabel('Search names and descriptions').fill('add_label');
    await page.getByText('1 row', { exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await open.picture('catalogue-phone');
    await page.getByRole('link', { name: 'add_label' }).click();
    await page.getByText('Number of the issue', { exact: true }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('catalogue-item-phone');
  });
});
