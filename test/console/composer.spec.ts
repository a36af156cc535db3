import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { manyTools, registerTicketsAndWiki, registerTools } from '../support/console/composer-upstreams.js';
import { verifies } from '../requirements.js';
import { longestTaskMs, watchLongTasks } from '../support/console/long-tasks.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { tabTo } from '../support/console/press-tab.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { connectAuto } from '../support/mcp-clients.js';
import type { Upstream } from '../support/upstreams/index.js';

/** Alone on a machine, as `npm run lab:console` is: only then times say something. */
const IS_LARGE = process.env['CONSOLE_SIZE'] === 'large';

interface Server {
  exposed: { exposed: string; own: string; gateway: string }[];
  items: { name: string; as?: string }[];
  description: string | null;
  tags: string[];
}

describe.skipIf(!hasChromium())('the composer of virtual servers', () => {
  let lethe: Embedded;
  let open: OpenConsole;
  let upstreams: Upstream[];

  beforeAll(async () => {
    lethe = await startEmbedded();
    upstreams = await registerTicketsAndWiki(lethe);
  });
  afterAll(async () => {
    await lethe.stop();
    await Promise.all(upstreams.map((upstream) => upstream.close()));
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/servers');
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const make = (slug: string, more: object = {}): Promise<unknown> =>
    lethe.admin.ask('POST', '/servers', { name: `Server ${slug}`, slug, include: [{ gateway: 'tickets' }], ...more });
  const served = (slug: string): Promise<Server> => lethe.admin.ask<Server>('GET', `/servers/${slug}`);
  const seenByClient = async (slug: string): Promise<string[]> => {
    const wanted = { name: 'a caller', servers: [slug] };
    const { key } = await lethe.admin.ask<{ key: string }>('POST', '/keys', wanted, { prefer: 'wait=10' });
    const client = await connectAuto(`${lethe.proxyUrl}/servers/${slug}/mcp`, { authorization: `Bearer ${key}` });
    const { tools } = await client.listTools();
    await client.close();
    return tools.map(({ name }) => name);
  };

  it('says what to do where there is no virtual server', async () => {
    await open.page.getByRole('heading', { name: 'No virtual server yet' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('servers-empty');
  });

  it('composes from two gateways, shows a clash and lets it be solved, and a client sees exactly that', async () => {
    verifies('console.composer');
    const { page } = open;
    await page.getByRole('link', { name: 'Make a virtual server' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Support desk');
    await expect.poll(() => page.getByLabel('Slug').inputValue()).toBe('support-desk');
    await page.getByLabel('Gateway', { exact: true }).fill('tickets');
    await tick(page, 'tickets', 'search');
    await tick(page, 'tickets', 'create_ticket');
    await page.getByLabel('Gateway', { exact: true }).fill('wiki');
    await tick(page, 'wiki', 'search');
    await row(page, 'wiki-search').getByText('Prefixed').waitFor();
    await rename(page, 'wiki-search', 'find_page');
    await page.getByRole('button', { name: 'Take over' }).click();
    await rename(page, 'search', 'find_page');
    await page.getByText('wiki/search has this name already').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Take over' }).getAttribute('aria-disabled')).toBe('true');
    await page.getByLabel('Name for clients').fill('find_ticket');
    await page.getByRole('button', { name: 'Take over' }).click();
    await open.picture('composer-new');
    await publish(page, 'Support desk is made');
    await page.getByRole('heading', { level: 1, name: 'Support desk' }).waitFor();
    expect(await seenByClient('support-desk')).toEqual(['find_ticket', 'create_ticket', 'find_page']);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('composer');
  });

  it('takes by glob, by tag and by what tools say, and says before what a rule matches', async () => {
    const { page } = open;
    await make('by-rules', { include: [] });
    await open.go('/servers/by-rules');
    await addRule(page, { gateway: 'wiki', names: 'page_*' }, 'It matches 2 now: wiki/page_read and wiki/page_write.');
    await addRule(page, { gateway: 'tickets', tags: 'write' }, 'It matches 2 now:');
    await addRule(page, { gateway: 'tickets', reads: true }, 'It matches 2 now:');
    await open.picture('composer-rules');
    await publish(page, 'Published as revision');
    expect((await seenByClient('by-rules')).toSorted()).toEqual(
      ['page_read', 'page_write', 'create_ticket', 'close_ticket', 'search', 'list_tickets'].toSorted(),
    );
    await page.getByLabel('close_ticket is visible').uncheck();
    await publish(page, 'Published as revision');
    expect(await seenByClient('by-rules')).not.toContain('close_ticket');
  });

  it('asks the registry before, and says what it would refuse', async () => {
    const { page } = open;
    await make('checked');
    await open.go('/servers/checked');
    await rename(page, 'list_tickets', 'all');
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('The registry would take this. It would change: Single items.').waitFor();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Longest name that is made').fill('7');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('This was not published').waitFor();
    expect((await served('checked')).items).toEqual([]);
  });

  it('undoes what was published', async () => {
    verifies('console.composer');
    const { page } = open;
    await make('undone');
    await open.go('/servers/undone');
    await page.getByLabel('close_ticket is visible').uncheck();
    await publish(page, 'Published as revision');
    expect(await seenByClient('undone')).not.toContain('close_ticket');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('Undone', { exact: true }).waitFor();
    expect(await seenByClient('undone')).toContain('close_ticket');
    await expect.poll(() => page.getByLabel('close_ticket is visible').isChecked()).toBe(true);
  });

  it('joins what two administrators have changed of different items, and lets people choose where both changed the same', async () => {
    verifies('console.edit-merged-by-hand');
    verifies('console.composer');
    const { page } = open;
    await make('shared');
    await open.go('/servers/shared');
    await rename(page, 'create_ticket', 'open_ticket');
    await page.getByRole('button', { name: 'Take over' }).click();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Description').fill('Mine');
    await lethe.admin.ask('PATCH', '/servers/shared', {
      description: 'Theirs',
      items: [{ gateway: 'tickets', kind: 'tool', name: 'close_ticket', enabled: false }],
    });
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('heading', { name: 'Somebody else has changed this, too' }).waitFor();
    await page.getByText('What only they changed is taken over: Single items.').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('composer-merge');
    await page.getByLabel('Theirs').check();
    await page.getByRole('button', { name: 'Take over and look again' }).click();
    await publish(page, 'Published as revision');
    const now = await served('shared');
    expect(now.description).toBe('Theirs');
    expect(now.exposed.map(({ exposed }) => exposed).toSorted()).toEqual(['list_tickets', 'open_ticket', 'search']);
  });

  it('says what a role sees and why a call is refused', async () => {
    const { page } = open;
    await make('by-role', { tags: ['team'] });
    await open.go('/servers/by-role?tab=access');
    await page.getByRole('button', { name: 'Choose by roles' }).click();
    const grant = page.getByRole('group', { name: 'Grant 1' });
    await grant.getByLabel('Role').fill('reader');
    await grant.getByLabel('Only what reads').check();
    await publish(page, 'Published as revision');
    await page.getByText('Such a caller sees no tool.').waitFor();
    await page.getByLabel('Role', { exact: true }).last().fill('reader');
    await page.getByText('Such a caller sees 2 of 4 tools').waitFor();
    await page.getByLabel('Name or URI, as clients see it').fill('close_ticket');
    await page.getByLabel('Or roles').fill('reader');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('No grant of the virtual server allows this item').waitFor();
    await page.getByLabel('Id of the key').fill('lethe_key_0123456789abcdef_secret');
    await page.getByText('This is no id of a key').waitFor();
    await page.getByLabel('Id of the key').fill('');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('composer-access');
  });

  it('measures what a model has to read, and what is saved without an item', async () => {
    const { page } = open;
    await make('measured');
    await open.go('/servers/measured?tab=size');
    await page.getByText('of 25,000 tokens').first().waitFor();
    await page.getByLabel('search stays').uncheck();
    await page.getByText('Your changes leave out 1 of these').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('composer-size');
  });

  it('is used with the keyboard alone', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await make('by-keys');
    await open.go('/servers/by-keys');
    await page.getByLabel('close_ticket is visible').waitFor();
    await tabTo(page.getByRole('tab', { name: 'Items' }));
    await tabTo(page.getByLabel('close_ticket is visible'));
    await page.keyboard.press('Space');
    await tabTo(page.getByRole('button', { name: 'Publish', exact: true }));
    await page.keyboard.press('Enter');
    await page.getByText('Published as revision').waitFor();
    expect(await seenByClient('by-keys')).not.toContain('close_ticket');
  });

  it('asks before changes are lost, and deletes only what was named', async () => {
    const { page } = open;
    await make('left');
    await open.go('/servers/left?tab=settings');
    await page.getByLabel('Description').fill('Not published');
    await page.getByRole('link', { name: 'Virtual servers' }).click();
    await page.getByRole('heading', { name: 'Your changes are not published' }).waitFor();
    await page.getByRole('button', { name: 'Stay here' }).click();
    await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('Not published');
    await page.getByRole('button', { name: 'Delete this virtual server' }).click();
    await page.getByLabel('Type its slug').fill('left');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete this virtual server' }).click();
    await page.getByText('Server left is deleted.').waitFor();
    expect((await lethe.admin.request('GET', '/servers/left')).status).toBe(404);
    await page.getByRole('table', { name: 'List of virtual servers' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('servers');
  });

  it('stays fast with a thousand tools', async () => {
    const { page } = open;
    upstreams.push(await registerTools(lethe, { name: 'Large', slug: 'large' }, manyTools(1_000)));
    await make('large', { include: [{ gateway: 'large' }] });
    await open.go('/servers/large');
    await page.getByText('1,000 tools').waitFor();
    await watchLongTasks(page);
    await page.getByLabel('Search in the list').pressSequentially('tool_07', { delay: 30 });
    await row(page, 'tool_0700').waitFor();
    await page.getByLabel('tool_0700 is visible').uncheck();
    await page.getByText('999 tools').waitFor();
    // Of each of the two lists, only what is in sight is in the document.
    expect(await page.getByRole('row').count()).toBeLessThan(100);
    if (IS_LARGE) expect(await longestTaskMs(page)).toBeLessThan(100);
    await open.picture('composer-large');
  });

  it('shows a viewer everything, and lets a viewer change nothing', async () => {
    verifies('console.viewer-changes-nothing');
    const { page } = open;
    await make('viewed');
    const { token } = await lethe.admin.ask<{ token: string }>('POST', '/admins', { name: 'a viewer', role: 'viewer' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await open.signIn(token);
    await open.go('/servers/viewed');
    const tick = page.getByLabel('close_ticket is visible');
    await tick.waitFor();
    expect(await tick.isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: /Publish|Add a rule/ }).count()).toBe(0);
    await page.getByRole('tab', { name: 'Settings' }).click();
    expect(await page.getByLabel('Description').isDisabled()).toBe(true);
    expect(await open.seriousFindings()).toEqual([]);
  });

  it('can be read on a phone and in the dark', async () => {
    verifies('console.accessible');
    const { page } = open;
    await make('small');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const tab of ['items', 'access', 'settings', 'size']) {
      await open.go(`/servers/small?tab=${tab}`);
      await page.getByRole('tab', { selected: true }).waitFor();
      const width: unknown = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, tab).toBeLessThanOrEqual(360);
      expect(await open.seriousFindings()).toEqual([]);
      await open.picture(`composer-small-${tab}`);
    }
  });
});

function row(page: Page, name: string) {
  return page.getByRole('table', { name: 'Items as clients see them' }).getByRole('row').filter({ hasText: name });
}

async function tick(page: Page, gateway: string, name: string): Promise<void> {
  const table = page.getByRole('table', { name: `Items of ${gateway}` });
  await table.getByRole('checkbox', { name: new RegExp(`^${name}\\b`) }).check();
}

async function rename(page: Page, before: string, after: string): Promise<void> {
  await page
    .getByRole('table', { name: 'Items as clients see them' })
    .getByRole('button', { name: before, exact: true })
    .click();
  await page.getByLabel('Name for clients').fill(after);
}

async function addRule(
  page: Page,
  { gateway, names, tags, reads }: { gateway: string; names?: string; tags?: string; reads?: boolean },
  matches: string,
): Promise<void> {
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Gateway', { exact: true }).fill(gateway);
  if (names !== undefined) await dialog.getByLabel('Names').fill(names);
  if (tags !== undefined) await dialog.getByLabel('Item tags').fill(tags);
  if (reads === true) await dialog.getByLabel('Only reads').selectOption('Yes');
  await dialog.getByText(matches).waitFor();
  await dialog.getByRole('button', { name: 'Take this rule' }).click();
}

async function publish(page: Page, said: string): Promise<void> {
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText(said).first().waitFor();
  await page.getByRole('button', { name: 'Publish' }).and(page.locator('[aria-disabled=true]')).waitFor();
}
