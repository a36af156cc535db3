import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { lookAt, register, reserveSlot, sealToken } from '../support/console/registering.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { startEverythingUpstream, startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const TOKEN = `upstream-token-${randomUUID()}`;

describe.skipIf(!hasChromium())('registering a gateway', () => {
  let lethe: Embedded;
  let locked: Upstream;
  let free: Upstream;
  let keyed: Upstream;
  /** What `free` offers besides, when it is asked next. */
  let more: string[];
  let open: OpenConsole;

  beforeAll(async () => {
    locked = await startEverythingUpstream({ token: TOKEN });
    more = [];
    free = await startModernUpstream({
      name: 'free',
      extend: (server) => more.forEach((name) => server.registerTool(name, {}, () => ({ content: [] }))),
    });
    keyed = await startModernUpstream({ name: 'keyed', accepts: (headers) => headers['x-api-key'] === TOKEN });
    lethe = await startEmbedded({ LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8' });
  });
  afterAll(async () => {
    await lethe?.stop();
    await free?.close();
    await keyed?.close();
    await locked?.close();
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/gateways/register');
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('goes from a URL to a receipt that was checked in the page', async () => {
    verifies('console.receipt-checked-in-page');
    verifies('console.seals-in-the-page');
    const { page } = open;
    await page.getByLabel('URL of the MCP server').fill(locked.url);
    await page.getByRole('button', { name: 'Look what answers' }).click();
    await page.getByText('It answers, and asks for a credential.').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-found');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Everything');
    await expect.poll(() => page.getByLabel('Slug').inputValue()).toBe('everything');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-details');
    await page.getByRole('button', { name: /^Register/ }).click();
    await reserveSlot(page);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-slot');
    await sealToken(page, `Bearer ${TOKEN}`);
    await page.getByText('everything is verified').waitFor();
    await page.getByRole('heading', { name: 'What happened to your credential' }).waitFor();
    await page.getByText('the signature was checked in this page').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-receipt');
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the receipt' }).click();
    expect((await saved).suggestedFilename()).toMatch(/^lethe-receipt-everything-.*\.jws$/);
    expect(await lethe.admin.ask('GET', '/gateways/everything')).toMatchObject({ state: 'verified' });
  });

  it('verifies again by keyboard alone, and nothing has changed', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await open.go('/gateways/everything/verify');
    await page.getByRole('heading', { name: 'Verify Everything' }).waitFor();
    await tabTo(page.getByRole('button', { name: 'Reserve a slot' }));
    await page.keyboard.press('Enter');
    await page.getByLabel('Bearer token').waitFor();
    await tabTo(page.getByLabel('Bearer token'));
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByText('Nothing has changed since the last verification.').waitFor();
    await open.picture('verify-unchanged');
  });

  it('registers a server that wants nothing, without a field for a credential', async () => {
    const { page } = open;
    await lookAt(page, free.url);
    await register(page, 'Free');
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByText('free is verified').waitFor();
    await page.getByText('None was typed, and none was sent.').waitFor();
    expect(await page.locator('input[type=password]').count()).toBe(0);
  });

  it('takes a key in a header of its own', async () => {
    const { page } = open;
    await lookAt(page, keyed.url);
    await page
      .getByLabel('What the server wants of its callers')
      .selectOption({ label: 'A key in a header of its own' });
    await page.getByLabel('Name of the header').fill('Cookie');
    await register(page, 'Keyed');
    await page.getByText('This name can not be used').waitFor();
    await page.getByLabel('Name of the header').fill('X-Api-Key');
    await register(page, 'Keyed');
    await reserveSlot(page);
    await page.getByLabel('Value of X-Api-Key').fill(TOKEN);
    await page.getByRole('button', { name: 'Seal and verify' }).click();
    await page.getByText('keyed is verified').waitFor();
    expect(await lethe.admin.ask('GET', '/gateways/keyed')).toMatchObject({
      passthroughHeaders: [{ header: 'X-Api-Key', required: true }],
    });
  });

  it('leads to the review of what has changed', async () => {
    const { page } = open;
    const { slug } = await lethe.admin.createGateway({
      ...{ name: 'Watched', url: free.url, passthroughHeaders: [], drift: 'review' },
    });
    for (const said of ['watched is verified', 'The result waits for your review.']) {
      await open.go(`/gateways/${slug}/verify`);
      await page.getByRole('button', { name: 'Verify', exact: true }).click();
      await page.getByText(said).waitFor();
      if (said.includes('review')) break;
      more = ['newcomer'];
      await open.go('/gateways');
      await page.getByRole('heading', { name: 'Gateways' }).waitFor();
    }
    more = [];
    await page.getByRole('link', { name: 'Review the changes' }).click();
    await page.waitForURL(/\/gateways\/watched\/review\/[0-9a-f-]+$/);
  });

  it('says that a token is wrong and what to do, and tries again', async () => {
    const { page } = open;
    await lookAt(page, locked.url);
    await register(page, 'Wrong');
    await reserveSlot(page);
    await sealToken(page, 'not-the-token-of-this-one');
    await page.getByText('The upstream rejected the credential (401).').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-wrong-token');
    await page.getByRole('button', { name: 'Try again' }).click();
    await reserveSlot(page);
    expect(await page.getByLabel('Bearer token').inputValue()).toBe('');
    await sealToken(page, TOKEN);
    await page.getByText('wrong is verified').waitFor();
  });

  it('takes the registration back', async () => {
    const { page } = open;
    await lookAt(page, locked.url);
    await register(page, 'Taken back');
    await reserveSlot(page);
    await sealToken(page, 'another-wrong-token-here');
    await page.getByRole('button', { name: 'Take the registration back' }).click();
    await page.getByLabel('URL of the MCP server').waitFor();
    expect((await lethe.admin.request('GET', '/gateways/taken-back')).status).toBe(404);
  });

  it('sends no URL that holds a secret, and says which are not allowed', async () => {
    const { page } = open;
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await page.getByLabel('URL of the MCP server').fill('https://mcp.example.com/mcp?api_key=s3cr3t-0123456789');
    await page.getByRole('button', { name: 'Look what answers' }).click();
    await page.getByText('looks like a secret, so nothing was sent').waitFor();
    expect(sent.filter((url) => url.includes('/v1/probes'))).toEqual([]);
    await page.getByLabel('URL of the MCP server').fill('https://db.internal/mcp');
    await page.getByRole('button', { name: 'Look what answers' }).click();
    await page.getByText('Its host is a private name').waitFor();
  });

  it('comes to the end without the stream of events', async () => {
    const { page } = open;
    await page.route('**/v1/events', (route) => route.fulfill({ status: 503 }));
    await page.reload();
    await open.signIn(lethe.admin.token);
    await page.getByText('No live updates').waitFor();
    await open.go('/gateways/register');
    await lookAt(page, locked.url);
    await register(page, 'Polled');
    await reserveSlot(page);
    await sealToken(page, TOKEN);
    await page.getByText('polled is verified').waitFor();
  });

  it('is readable on a phone and in the dark', async () => {
    verifies('console.accessible');
    const { page } = open;
    await page.setViewportSize({ width: 360, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await lookAt(page, locked.url);
    await register(page, 'Phone');
    await reserveSlot(page);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('register-slot-phone-dark');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await sealToken(page, TOKEN);
    await page.getByText('phone is verified').waitFor();
    await page.getByRole('heading', { name: 'What happened to your credential' }).waitFor();
    await open.picture('register-receipt-phone-dark');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  });
});
