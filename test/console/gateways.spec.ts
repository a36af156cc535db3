import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';

describe.skipIf(!hasChromium())('the list of gateways', () => {
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe.stop());
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/gateways');
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('says that a wrong token is not known, and stays where it is', async () => {
    const { page } = open;
    await page.getByLabel('Administrator token').fill('lethe_admin_nobody_knows');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The registry does not know this token').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('sign-in-refused');
  });

  it('says what to do first where there is none', async () => {
    await open.signIn(lethe.admin.token);
    await open.page.getByRole('heading', { name: 'No gateway yet' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateways-empty');
  });

  it('shows a gateway as soon as somebody registers it, and finds it by name', async () => {
    const { page } = open;
    await open.signIn(lethe.admin.token);
    await page.getByRole('heading', { name: 'No gateway yet' }).waitFor();
    await lethe.admin.createGateway({ name: 'Tickets', slug: 'tickets', url: 'https://tickets.example.com/mcp' });
    await page.getByRole('link', { name: 'Tickets' }).waitFor();
    await page.getByLabel('Search by name or slug').fill('nothing like it');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('link', { name: 'Tickets' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('gateways');
  });
});
