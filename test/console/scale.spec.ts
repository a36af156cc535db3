import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, openConsole, type OpenConsole } from '../support/console/open-console.js';
import { longestTaskMs, watchLongTasks } from '../support/console/long-tasks.js';
import { bytesReceived } from '../support/console/received-bytes.js';
import { isDatabaseAvailable } from '../support/database.js';
import { largeDocument } from '../support/registry/large-document.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { imported } from '../support/registry/transfer.js';

/** `npm run lab:console` has the size of a large company, and alone says something about times. */
const IS_LARGE = process.env['CONSOLE_SIZE'] === 'large';
const SIZE = IS_LARGE
  ? { gateways: 1_000, toolsPerGateway: 100, servers: 1_000, gatewaysPerServer: 3 }
  : { gateways: 250, toolsPerGateway: 4, servers: 250, gatewaysPerServer: 2 };
/** Gateways of one document: a large one is longer than the registry accepts. */
const AT_ONCE = 50;
/** What the first view may bring, compressed (RFC 9110, section 8.4). */
const FIRST_LOAD_BYTES = 300 * 1024;
const FIRST_VIEW_MS = 1_500;
const BLOCKED_MS = 100;
/** Rows in the document at most: a screen has 20. */
const ROWS = 60;

describe.skipIf(!hasChromium() || !isDatabaseAvailable('postgres'))('the console of a large registry', () => {
  let harness: RegistryHarness;
  let open: OpenConsole;

  beforeAll(async () => {
    harness = await RegistryHarness.start('postgres');
    for (let from = 0; from < SIZE.gateways; from += AT_ONCE) {
      const part = { ...SIZE, gateways: AT_ONCE, servers: Math.round((SIZE.servers * AT_ONCE) / SIZE.gateways) };
      const text = await largeDocument(part, harness.trust, from);
      expect((await imported(harness, text)).status).toBe(200);
    }
  }, 1_800_000);
  afterAll(() => harness?.stop());

  const opened = async (path: string) => {
    open = await openConsole(harness.url, {}, path);
    return open;
  };

  it('brings at most 300 kB, compressed, until the first screen is there', async () => {
    verifies('console.light');
    const { page } = await opened('/');
    const received = await bytesReceived(page, async () => {
      await page.reload();
      await open.signIn(harness.admin.token);
      await page.getByRole('heading', { level: 1 }).waitFor();
    });
    if (IS_LARGE) console.log(`first load: ${Math.round(received / 1024)} KiB`);
    await open.close();
    expect(received).toBeGreaterThan(50 * 1024);
    expect(received).toBeLessThan(FIRST_LOAD_BYTES);
  });

  it.each([
    ['/gateways', 'Search by name or slug', 'gateway-00'],
    ['/servers', 'Search by name or slug', 'server-00'],
    ['/catalogue', 'Search', 'update item'],
  ])(
    'has in the document of %s what is in sight alone, and a search that stops nobody from typing',
    async (path, label, words) => {
      verifies('console.large');
      const { page } = await opened(path);
      await open.signIn(harness.admin.token);
      await page.getByRole('row').nth(5).waitFor();
      await watchLongTasks(page);
      await page.getByRole('searchbox', { name: label }).pressSequentially(words, { delay: 30 });
      await page.getByRole('row').nth(2).waitFor();
      const rows = await page.getByRole('row').count();
      const blocked = await longestTaskMs(page);
      await page
        .getByRole('region', { name: /list|catalogue|items/i })
        .first()
        .hover();
      for (let n = 0; n < 10; n += 1) await page.mouse.wheel(0, 4_000);
      const scrolled = await page.getByRole('row').count();
      if (IS_LARGE)
        console.log(`${path}: longest task while typing ${Math.round(blocked)} ms, ${rows} rows in the document`);
      await open.close();
      expect(Math.max(rows, scrolled)).toBeLessThan(ROWS);
      if (IS_LARGE) expect(blocked).toBeLessThan(BLOCKED_MS);
    },
  );

  it.runIf(IS_LARGE).each(['/', '/gateways', '/catalogue', '/servers', '/activity', '/audit', '/keys'])(
    'shows %s within 1.5 s',
    async (path) => {
      const { page } = await opened('/settings');
      await open.signIn(harness.admin.token);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const begun = performance.now();
      await open.go(path);
      await page.locator('main [role=row]:nth-child(2), main section').first().waitFor();
      const tookMs = performance.now() - begun;
      console.log(`${path}: first view after ${Math.round(tookMs)} ms`);
      await open.close();
      expect(tookMs).toBeLessThan(FIRST_VIEW_MS);
    },
  );
});
