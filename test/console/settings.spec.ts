import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

/** Part of a header that traces are sent with. */
const SECRET = 'nobody-should-read-this';
const DOCUMENT = `apiVersion: lethe/v1
gateways:
  - { slug: tickets, name: Tickets of support, url: https://tickets.example.com/mcp }
  - { slug: wiki, name: Wiki, url: https://wiki.example.com/mcp }
`;

describe.skipIf(!hasChromium())('settings', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded({ OTEL_EXPORTER_OTLP_HEADERS: `authorization=${SECRET}` });
    await lethe.admin.createGateway({ name: 'Tickets', slug: 'tickets', url: 'https://tickets.example.com/mcp' });
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

  it('shows the status, whether proxies serve the newest revision, and the fingerprints of connectors', async () => {
    const { page } = open;
    const { items } = await lethe.admin.ask<{ items: { fingerprint: string }[] }>('GET', '/connectors');
    await open.signIn(lethe.admin.token);
    await page.getByRole('row', { name: /Up to date/ }).waitFor();
    await page.getByText(items[0]?.fingerprint ?? 'none').waitFor();
    await page.getByText(/_.*: \d+ free, 0 lent|: \d+ free, 0 lent/).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('settings-status');
  });

  it('lists what the registry was started with, and none of its secrets', async () => {
    verifies('console.settings');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('tab', { name: 'Status' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('tab', { name: 'Document', selected: true }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText('REGISTRY_PORT', { exact: true }).waitFor();
    await page.getByText('Set, and not shown').waitFor();
    expect(await page.content()).not.toContain(SECRET);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('settings-values');
    await page.getByLabel('Search by name or meaning').fill('registry_port');
    await page.getByText('DATABASE_URL', { exact: true }).waitFor({ state: 'detached' });
    await page.getByText('REGISTRY_PORT', { exact: true }).waitFor();
    expect(page.url()).toContain('q=registry_port');
    await page.getByLabel('Search by name or meaning').fill('nothing like it');
    await page.getByRole('heading', { name: 'No setting matches' }).waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByText('DATABASE_URL', { exact: true }).waitFor();
  });

  it('hands the gateways and virtual servers over as a document', async () => {
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('tab', { name: 'Document' }).click();
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the document' }).click();
    const file = await (await downloaded).path();
    expect(await readFile(file, 'utf8')).toContain('slug: tickets');
  });

  it('shows the plan of an import before anything is changed, and carries out that plan alone', async () => {
    verifies('console.import');
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('tab', { name: 'Document' }).click();
    await page.getByLabel('Document (its text)').fill('apiVersion: lethe/v1\ngateways: 3\n');
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('There is no plan').waitFor();
    await page.getByLabel('Document (its text)').fill(DOCUMENT);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('1 to make, 1 to change, 0 to delete, 0 as they are').waitFor();
    await page.getByText('One field').click();
    await page.getByText('name: Tickets → Tickets of support').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('settings-plan');
    await lethe.admin.ask('PATCH', '/gateways/tickets', { name: 'Tickets of somebody else' });
    await page.getByRole('button', { name: 'Import it' }).click();
    await page.getByText('Somebody has changed something since this plan was made. Look at the plan again.').waitFor();
    expect((await lethe.admin.request('GET', '/gateways/wiki')).status).toBe(404);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('name: Tickets of somebody else → Tickets of support').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Import it' }).click();
    await page.getByRole('heading', { name: 'What the import has done' }).waitFor();
    expect(await lethe.admin.ask('GET', '/gateways/tickets')).toMatchObject({ name: 'Tickets of support' });
    expect((await lethe.admin.request('GET', '/gateways/wiki')).status).toBe(200);
  });

  it('lets a viewer plan, but neither import nor see the settings', async () => {
    verifies('console.viewer-changes-nothing');
    await open.close();
    open = await openConsole(
      lethe.registryUrl,
      { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
      '/settings',
    );
    const { page } = open;
    const viewer = await lethe.admin.ask<{ token: string }>('POST', '/admins', { name: 'Reader', role: 'viewer' });
    await open.signIn(viewer.token);
    await page.getByRole('row', { name: /Up to date/ }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await open.picture('settings-360-dark');
    expect(await page.getByRole('tab', { name: 'Settings' }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Document' }).click();
    await page.getByLabel('Document (its text)').fill(`${DOCUMENT}servers: [{ slug: desk, name: Desk }]\n`);
    await page.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByText('To import it, the role Editor is needed. The plan is for everybody.').waitFor();
    expect(await page.getByRole('button', { name: /Import it/ }).count()).toBe(0);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('settings-plan-360-dark');
  });
});
