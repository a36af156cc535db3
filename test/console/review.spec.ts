import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { type DriftingTool, type DriftingUpstream, startDriftingUpstream } from '../support/upstreams/index.js';

const TOKEN = 'a-token-of-the-review-story';
const BEFORE: DriftingTool[] = [
  { name: 'send', description: 'Sends a mail to one person.', parameters: ['to', 'text'] },
  { name: 'archive', description: 'Archives a mail.' },
  { name: 'search', description: 'Searches mails.', parameters: ['words'] },
];
const AFTER: DriftingTool[] = [
  { name: 'send', description: 'Sends a mail to everybody.', parameters: ['to', 'text', 'copy'] },
  { name: 'search', description: 'Searches\u200b mails.', parameters: ['words'] },
  { name: 'forward', description: 'Forwards a mail.' },
];

describe.skipIf(!hasChromium())('the review of what a verification found', () => {
  let lethe: Embedded;
  let open: OpenConsole;
  let upstream: DriftingUpstream;
  let slug: string;
  let vid: string;
  let count = 0;

  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe?.stop());
  beforeEach(async () => {
    count += 1;
    upstream = await startDriftingUpstream({ name: 'mail', token: TOKEN, tools: BEFORE });
    slug = `mail-${count}`;
    const gateway = { name: `Mail ${count}`, slug, url: upstream.url, drift: 'review' };
    await lethe.admin.register(gateway, TOKEN);
    open = await openConsole(lethe.registryUrl, {}, `/gateways/${slug}`);
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    await upstream.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const drift = async (tools: DriftingTool[] = AFTER): Promise<void> => {
    upstream.tools = tools;
    vid = (await lethe.admin.verify(slug, { scheme: 'bearer', token: TOKEN })).id;
  };
  const toolNames = async (): Promise<string[]> => {
    const { items } = await lethe.admin.ask<{ items: { name: string }[] }>('GET', `/gateways/${slug}/tools`);
    return items.map(({ name }) => name).filter((name) => [...BEFORE, ...AFTER].some((tool) => tool.name === name));
  };
  const statuses = async (): Promise<Record<string, string>> => {
    const path = `/gateways/${slug}/verifications/${vid}/diff`;
    const { items } = await lethe.admin.ask<{ items: { name: string; status: string }[] }>('GET', path);
    return Object.fromEntries(items.map(({ name, status }) => [name, status]));
  };

  it('shows what the upstream changed, and applies one part and rejects another', async () => {
    verifies('console.review-in-page');
    const { page } = open;
    await lethe.admin.ask('POST', '/servers', {
      name: 'Office',
      slug: `office-${count}`,
      items: [{ gateway: slug, kind: 'tool', name: 'send' }],
    });
    await drift();
    await page.getByText('Changes of the upstream wait for your review').waitFor();
    await page.getByRole('link', { name: 'Review', exact: true }).click();
    await page.getByText('4 changes wait for a decision').waitFor();
    await page.getByText('It has texts that hide characters from people').waitFor();

    await page.getByRole('link', { name: 'send', exact: true }).click();
    await page.getByRole('heading', { name: 'send', exact: true }).waitFor();
    await expect.poll(() => page.locator('del').allTextContents()).toContain('one person');
    await expect.poll(() => page.locator('ins').allTextContents()).toContain('everybody');
    await page.getByText('Office serves it as').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('review-changed');

    await page.getByRole('link', { name: /^search/i }).click();
    await page.getByText('This hides characters from people').waitFor();
    await page
      .locator('mark', { hasText: String.raw`\u{200b}` })
      .first()
      .waitFor();
    await open.picture('review-hidden');

    await page.getByRole('checkbox', { name: 'Choose send' }).check();
    await page.getByRole('checkbox', { name: 'Choose forward' }).check();
    await page.getByRole('button', { name: 'Apply 2' }).click();
    await page.getByText(`2 changes of Mail ${count} applied: served now. More changes wait.`).waitFor();
    expect((await toolNames()).toSorted()).toEqual(['archive', 'forward', 'search', 'send']);
    await page.getByRole('checkbox', { name: 'Choose search' }).check();
    await page.getByRole('button', { name: 'Reject 1' }).click();
    await page.getByText(`1 change of Mail ${count} rejected: not served.`).waitFor();
    expect(await statuses()).toEqual({ send: 'applied', forward: 'applied', search: 'rejected', archive: 'pending' });
    await open.picture('review-decided');

    await open.go('/gateways');
    await page.getByLabel('Changes').selectOption('Rejected changes');
    await expect.poll(() => new URL(page.url()).search).toBe('?drift=rejected');
    await page.getByRole('link', { name: `Mail ${count}` }).waitFor();
  });

  it('is decided with the keyboard alone', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await drift([...BEFORE, { name: 'forward', description: 'Forwards a mail.' }]);
    await open.go(`/gateways/${slug}/review/${vid}`);
    const box = page.getByRole('checkbox', { name: 'Choose forward' });
    await box.waitFor();
    await tabTo(box);
    await page.keyboard.press('Space');
    await expect.poll(() => box.isChecked()).toBe(true);
    await tabTo(page.getByRole('link', { name: 'forward' }));
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('forward');
    await tabTo(page.getByRole('button', { name: 'Apply 1' }));
    await page.keyboard.press('Enter');
    await page.getByText('Nothing waits any more.').waitFor();
    expect(await statuses()).toEqual({ forward: 'applied' });
  });

  it('carries nothing out when somebody else has decided in the meantime, and says so', async () => {
    verifies('console.review-decided-once');
    const { page } = open;
    await drift();
    await open.go(`/gateways/${slug}/review/${vid}`);
    await page.getByRole('button', { name: 'Apply all 4' }).waitFor();
    // It is decided while this page's decision is on its way: no event can make it up to date before.
    const decision = { items: [{ kind: 'tool', name: 'send' }] };
    let isFirst = true;
    await page.route('**/apply', async (route) => {
      if (isFirst) await lethe.admin.ask('POST', `/gateways/${slug}/verifications/${vid}/reject`, decision);
      isFirst = false;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Apply all 4' }).click();
    await page.getByText('Somebody else has decided about a part of this').waitFor();
    expect(await statuses()).toMatchObject({ send: 'rejected', forward: 'pending' });
    await page.getByRole('button', { name: 'Apply all 3' }).click();
    await page.getByText('Nothing waits any more.').waitFor();
    expect(await statuses()).toEqual({ send: 'rejected', forward: 'applied', search: 'applied', archive: 'applied' });
  });

  it('says that a newer verification took its place, and leads there', async () => {
    verifies('console.review-decided-once');
    const { page } = open;
    await drift();
    const first = vid;
    await drift([...AFTER, { name: 'reply', description: 'Replies to a mail.' }]);
    await open.go(`/gateways/${slug}/review/${first}`);
    await page.getByText('A newer verification has taken the place of this one').waitFor();
    expect(await page.getByRole('button', { name: /^(?:Apply|Reject)/ }).count()).toBe(0);
    await page.getByRole('link', { name: 'Go to the newest' }).click();
    await page.getByText('5 changes wait for a decision').waitFor();
  });

  it('shows hundreds of changes without having all of them in the page, and finds one by name', async () => {
    const { page } = open;
    const many = Array.from({ length: 400 }, (_, index) => ({ name: `tool-${index}`, description: `Tool ${index}` }));
    await drift([...BEFORE, ...many]);
    await open.go(`/gateways/${slug}/review/${vid}`);
    await page.getByRole('button', { name: 'Apply all 400' }).waitFor();
    expect(await page.getByRole('checkbox', { name: /^Choose tool-/ }).count()).toBeLessThan(60);
    await page.getByLabel('Search by name').fill('tool-399');
    await page.getByRole('heading', { name: 'tool-399' }).waitFor();
    await page.getByRole('checkbox', { name: 'Choose tool-399' }).check();
    await page.getByRole('button', { name: 'Reject 1' }).click();
    await page.getByText('More changes wait.').waitFor();
    await page.getByLabel('Search by name').fill('');
    await page.getByRole('button', { name: 'Apply all 399' }).waitFor();
    await open.picture('review-many');
  });

  it('shows a viewer the changes, and no button that decides', async () => {
    verifies('console.viewer-changes-nothing');
    const { page } = open;
    await drift();
    const viewer = await lethe.admin.ask<{ token: string }>('POST', '/admins', {
      name: `eyes-${count}`,
      role: 'viewer',
    });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await open.signIn(viewer.token);
    await page.getByRole('link', { name: 'Review', exact: true }).click();
    await page.getByText('4 changes wait for a decision').waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    expect(await page.getByRole('button', { name: /^(?:Apply|Reject)/ }).count()).toBe(0);
  });

  it('can be read on a small screen and in the dark', async () => {
    verifies('console.accessible');
    const { page } = open;
    await drift();
    await open.go(`/gateways/${slug}/review/${vid}`);
    await page.getByRole('button', { name: 'Apply all 4' }).waitFor();
    await page.emulateMedia({ colorScheme: 'dark' });
    await open.picture('review-dark');
    expect(await open.seriousFindings()).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    await open.picture('review-360-dark');
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    await page.emulateMedia({ colorScheme: 'light' });
    await open.picture('review-360');
    await page.setViewportSize({ width: 3840, height: 2160 });
    await open.picture('review-4k');
  });
});
