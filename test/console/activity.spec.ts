import { randomBytes } from 'node:crypto';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const token = `tok_${randomBytes(24).toString('base64url')}`;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
/** Proxies tell of calls every five seconds, and the page asks every five. */
const TOLD = { timeout: 30_000 };

/** Runs in the page: the colours of buttons go over from one scheme to the other, and axe would see what is between. */
const UNTIL_STILL = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() =>
  Promise.allSettled(document.getAnimations().map(({ finished }) => finished)).then(() => done()))))`;

describe.skipIf(!hasChromium())('what calls there were, in the console', () => {
  let lethe: Embedded;
  let upstream: Upstream;
  let dead: Upstream;
  let open: OpenConsole;
  let key: string;
  let client: Client | undefined;

  beforeAll(async () => {
    lethe = await startEmbedded();
    upstream = await startModernUpstream({ token: [token], name: 'tickets' });
    dead = await startModernUpstream({ token: [token], name: 'wiki' });
  });
  afterAll(async () => {
    await client?.close();
    await Promise.allSettled([lethe?.stop(), upstream?.close(), dead?.close()]);
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl);
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  /** At the widths of a phone and of a desk, light and dark. */
  const pictures = async (name: string) => {
    const { page } = open;
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(UNTIL_STILL);
        expect(await open.seriousFindings()).toEqual([]);
        await open.picture(`${name}-${width}-${colorScheme}`);
      }
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect([width, overflow]).toEqual([width, 0]);
    }
    await page.emulateMedia({ colorScheme: null });
  };
  const step = (title: string) => open.page.getByRole('listitem').filter({ hasText: title });
  const isDone = (title: string) =>
    step(title)
      .getByText('(Done)')
      .waitFor({ state: 'attached', ...TOLD });
  const isNext = (title: string) =>
    step(title)
      .getByText('(Next)')
      .waitFor({ state: 'attached', ...TOLD });
  const connect = async (slug: string) => {
    const own = Object.fromEntries(['tickets', 'wiki'].map((each) => [`X-Upstream-${each}-Authorization`, `Bearer ${token}`])); // prettier-ignore
    return connectLegacy(`${lethe.proxyUrl}/servers/${slug}/mcp`, { authorization: `Bearer ${key}`, ...own });
  };

  it('begins with the steps to the first call, each ticked by what there is', async () => {
    const { page } = open;
    const { admin } = lethe;
    await isNext('Register a gateway');
    await page.getByText('nothing can be verified').waitFor({ state: 'detached' });
    await pictures('home-empty');
    const gateway = await admin.createGateway({ name: 'Tickets', slug: 'tickets', url: upstream.url });
    await isDone('Register a gateway');
    await isNext('Verify it');
    const { state } = await admin.verify(gateway.id, { scheme: 'bearer', token });
    expect(state).toBe('verified');
    await isNext('Publish a virtual server');
    await admin.ask('POST', '/servers', { name: 'Desk', include: [{ gateway: 'tickets' }, { gateway: 'wiki' }].slice(0, 1) }); // prettier-ignore
    await isNext('Make a key');
    await open.page.setViewportSize({ width: 1280, height: 900 });
    await pictures('home-steps');
    key = await admin.callerKey();
    await isNext('See the first call');
    await eventually(async () => void (client = await connect('desk')), 20_000);
    await client?.callTool({ name: 'echo', arguments: { text: 'hello' } });
    await page.getByRole('heading', { name: 'Begin here' }).waitFor({ state: 'detached', ...TOLD });
    await page.getByRole('slider', { name: 'The last hour' }).waitFor(TOLD);
  });

  it('then shows what there is, and what ends soon', async () => {
    const { page } = open;
    const { admin } = lethe;
    const wiki = await admin.register({ name: 'Wiki', slug: 'wiki', url: dead.url }, token);
    expect(wiki.verification.state).toBe('verified');
    await admin.createGateway({ name: 'New', slug: 'new', url: 'https://new.example.com/mcp' });
    await admin.ask('POST', '/keys', { name: 'nightly build', servers: '*', expiresAt: inDays(4) });
    await page.getByText('1 not verified yet').waitFor(TOLD);
    await page.getByRole('link', { name: 'nightly build' }).waitFor(TOLD);
    await page.getByText('Nothing waits for a review.').waitFor();
    await pictures('home');
  });

  it('counts failures and limits, says what each error means, and shows the numbers as a table', async () => {
    const { page } = open;
    const { admin } = lethe;
    const limits = { caller: { calls: 12, seconds: 600 } };
    await admin.ask('POST', '/servers', {
      name: 'Limited',
      include: [{ gateway: 'tickets' }, { gateway: 'wiki' }],
      limits,
    });
    await dead.close();
    await client?.close();
    await eventually(async () => void (client = await connect('limited')), 20_000);
    const { tools = [] } = (await client?.listTools()) ?? {};
    const call = (name: string) => client?.callTool({ name, arguments: { text: 'hello' } }).catch(() => undefined);
    const echo = tools.filter(({ name }) => name.includes('echo')).map(({ name }) => name);
    expect(echo).toHaveLength(2);
    for (const name of [...Array<string[]>(5).fill(echo).flat(), 'nothing', ...Array<string[]>(3).fill(echo).flat()])
      await call(name);
    await open.go('/activity');
    const outcomes = page.locator('section').filter({ has: page.getByRole('heading', { name: 'How calls ended' }) });
    await outcomes.getByText('upstream_unreachable').waitFor(TOLD);
    await outcomes.getByText('rate_limited').waitFor(TOLD);
    await page.getByText('All calls of a caller').first().waitFor();
    await outcomes.getByText('What it means').first().click();
    await outcomes.getByText('What to do').waitFor();
    await pictures('activity');
    const plot = page.getByRole('slider', { name: 'Calls over time' });
    await plot.focus();
    const said = () => plot.getAttribute('aria-valuetext');
    await page.keyboard.press('Home');
    await expect.poll(() => said()).toContain('0 ended well, 0 errors');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => plot.getAttribute('aria-valuenow')).toBe('58');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('columnheader', { name: 'ended well' }).waitFor();
    await expect.poll(() => page.getByRole('region', { name: 'Calls over time' }).getByRole('row').count()).toBe(61);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('activity-table');
  });

  it('lists the last calls by filters in the address, and moves nothing under the eyes of a reader', async () => {
    const { page } = open;
    await open.go('/activity');
    const rows = page.getByRole('table', { name: 'Last calls' }).getByRole('row');
    await rows.filter({ hasText: 'echo' }).first().waitFor(TOLD);
    await rows.getByRole('link', { name: 'a caller' }).first().waitFor();
    const first = await rows.nth(1).innerText();
    await client?.callTool({ name: 'another-tool-that-is-not-there' }).catch(() => undefined);
    const newer = page.getByRole('button', { name: /Show \d+ newer calls?/ });
    await newer.waitFor(TOLD);
    const what = (row: string) => row.split('\n').slice(1).join('\n');
    expect(what(await rows.nth(1).innerText())).toBe(what(first));
    await newer.focus();
    await page.keyboard.press('Enter');
    await newer.waitFor({ state: 'detached' });
    await page.getByLabel('How they ended').selectOption('Failed');
    await eventually(async () => {
      const shown = await rows.allInnerTexts();
      expect(shown.length).toBeGreaterThan(1);
      expect(shown.slice(1).filter((row) => /\bok\b/.test(row))).toEqual([]);
    }, 20_000);
    expect(new URL(page.url()).searchParams.get('failed')).toContain('true');
    await page.locator('section').getByRole('link', { name: 'limited', exact: true }).first().click();
    await page.waitForURL(/server=limited/);
    await expect.poll(() => page.getByRole('combobox', { name: 'Virtual server' }).inputValue()).toBe('limited');
    await page.getByRole('combobox', { name: 'Virtual server' }).fill('nobody');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor(TOLD);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await page.getByRole('slider', { name: 'Calls over time' }).waitFor(TOLD);
    await page.getByLabel('How far back').selectOption('The last day');
    await page.getByText('in the last day').waitFor(TOLD);
  });

  it('keeps what was read in sight while the registry is away', async () => {
    const { page } = open;
    await open.go('/activity');
    await page.getByRole('slider', { name: 'Calls over time' }).waitFor(TOLD);
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByText('The registry does not answer').first().waitFor(TOLD);
    await expect.poll(() => page.getByRole('slider', { name: 'Calls over time' }).count()).toBe(1);
    await page.unroute('**/v1/**');
    await page
      .getByText('The registry does not answer')
      .first()
      .waitFor({ state: 'detached', ...TOLD });
  });
});
