import { acceptedContent, inputRequired } from '@modelcontextprotocol/server';
import { randomBytes } from 'node:crypto';
import type { Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifies } from '../requirements.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { startModernUpstream } from '../support/upstreams/index.js';

const TOKEN = randomBytes(18).toString('base64url');
const ANSWER = z.object({ sure: z.boolean(), reason: z.string().optional() });

describe.skipIf(!hasChromium())('Try it', () => {
  let lethe: Embedded;
  let upstream: Awaited<ReturnType<typeof startModernUpstream>>;
  let open: OpenConsole;
  let key: string;
  let sent: Request[];
  const gaveUp = { count: 0 };

  beforeAll(async () => {
    upstream = await startModernUpstream({
      name: 'tickets',
      token: TOKEN,
      extend: (server) => {
        server.registerTool(
          'close_issue',
          {
            description: 'Closes an issue, if you are sure',
            inputSchema: z.object({ issue: z.number().int().min(1) }),
          },
          ({ issue }, { mcpReq }) => {
            const given = acceptedContent(mcpReq.inputResponses, 'sure', ANSWER);
            if (given) return { content: [{ type: 'text', text: `Issue ${issue} closed: ${given.sure}` }] };
            const sure = inputRequired.elicit({ message: `Really close ${issue}?`, requestedSchema: ANSWER });
            return inputRequired({ inputRequests: { sure } });
          },
        );
        server.registerTool('ask_twice', { inputSchema: z.object({}) }, (_input, { mcpReq: { inputResponses } }) => {
          const [first, second] = ['first', 'second'].map((name) => acceptedContent(inputResponses, name, ANSWER));
          if (first && second) return { content: [{ type: 'text', text: `${first.reason} and ${second.reason}` }] };
          const ask = () => inputRequired.elicit({ message: 'Why?', requestedSchema: ANSWER });
          return inputRequired({ inputRequests: { first: ask(), second: ask() } });
        });
        server.registerTool('wait', { inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
          await new Promise<void>((resolve) =>
            mcpReq.signal.addEventListener('abort', () => resolve(), { once: true }),
          );
          gaveUp.count += 1;
          return { content: [] };
        });
      },
    });
    lethe = await startEmbedded();
    const gateway = {
      name: 'Tickets',
      slug: 'tickets',
      url: upstream.url,
      passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }],
    };
    await lethe.admin.register(gateway, TOKEN);
    await lethe.admin.ask(
      'POST',
      '/servers',
      { name: 'Desk', slug: 'desk', include: [{ gateway: 'tickets' }] },
      { prefer: 'wait=20' },
    );
    key = (
      await lethe.admin.ask<{ key: string }>('POST', '/keys', { name: 'a caller', servers: '*' }, { prefer: 'wait=20' })
    ).key;
  });
  afterAll(async () => {
    await lethe.stop();
    await upstream.close();
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/try?server=desk');
    sent = [];
    open.page.on('request', (request) => sent.push(request));
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const connect = async (era: 'legacy' | 'modern', token = TOKEN) => {
    const { page } = open;
    await page.getByLabel('Protocol').selectOption(era);
    await page.getByLabel('Key of a caller').fill(key);
    if (token !== '') await page.getByLabel('tickets: Authorization').fill(token);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
  };
  const choose = (name: string) => open.page.getByRole('link', { name, exact: true }).click();

  it('puts nothing of one answer into the next question, however alike they look', async () => {
    const { page } = open;
    await connect('modern');
    await choose('ask_twice');
    await page.getByRole('button', { name: 'Call' }).click();
    for (const reason of ['one', 'two']) {
      await expect.poll(() => page.getByLabel('reason').inputValue()).toBe('');
      await page.getByLabel('sure (required)').selectOption('true');
      await page.getByLabel('reason').fill(reason);
      await page.getByRole('button', { name: 'Send' }).click();
    }
    await page.getByText('one and two', { exact: true }).waitFor();
  });

  it.each(['modern', 'legacy'] as const)(
    'calls a tool, reads a resource and gets a prompt in the %s era',
    async (era) => {
      const { page } = open;
      await open.picture(`try-begin-${era}`);
      await connect(era);
      await choose('echo');
      await page.getByLabel('text (required)').fill('good morning');
      await page.getByRole('button', { name: 'Call' }).click();
      await page.getByText('tickets: good morning', { exact: true }).waitFor();
      await page.getByText(new RegExp(`^${era} era · 1 request · `)).waitFor();
      expect(await open.seriousFindings()).toEqual([]);
      await open.picture(`try-called-${era}`);
      await choose('count');
      await page.getByLabel('to (required)').fill('3');
      await page.getByRole('button', { name: 'Call' }).click();
      await page.getByRole('heading', { name: 'Structured result' }).waitFor();
      await page.getByRole('progressbar', { name: 'Progress' }).waitFor();
      await choose('tickets://pixel');
      await page.getByRole('button', { name: 'Read' }).click();
      await page.getByRole('img', { name: 'Image of the result, image/png' }).waitFor();
      await choose('tickets://item/{id}');
      await page.getByLabel('id (required)').fill('7');
      await page.getByRole('button', { name: 'Read' }).click();
      await page.getByText('Item 7 of tickets', { exact: true }).waitFor();
      await choose('greet');
      await page.getByLabel('who (required)').fill('Ada');
      await page.getByRole('button', { name: 'Get' }).click();
      await page.getByText('Say hello to Ada from tickets', { exact: true }).waitFor();
    },
  );

  it.each(['modern', 'legacy'] as const)('answers what an upstream asks, in the %s era', async (era) => {
    const { page } = open;
    await connect(era);
    await choose('close_issue');
    await page.getByLabel('issue (required)').fill('12');
    await page.getByRole('button', { name: 'Call' }).click();
    const dialog = page.getByRole('dialog', { name: 'The upstream asks you something' });
    await dialog.getByText('Really close 12?').waitFor();
    await dialog.getByRole('button', { name: 'Send the answer' }).click();
    await dialog.getByText('This is required.').waitFor();
    await dialog.getByLabel('sure (required)').selectOption('true');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture(`try-asked-${era}`);
    await dialog.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByText('Issue 12 closed: true', { exact: true }).waitFor();
  });

  it('checks arguments before they are sent, and edits them as a form or as JSON without loss', async () => {
    const { page } = open;
    await connect('modern');
    await choose('close_issue');
    const calls = () => sent.filter((request) => request.postData()?.includes('tools/call')).length;
    await page.getByLabel('issue (required)').fill('0');
    await page.getByRole('button', { name: 'Call' }).click();
    await page.getByText('This breaks the rule minimum 1.').waitFor();
    expect(calls()).toBe(0);
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByLabel('Arguments', { exact: true }).fill('{"issue": 5, "unknown": {"kept": null}}');
    await page.getByRole('tab', { name: 'Form' }).click();
    await page.getByLabel('issue (required)').fill('6');
    await page.getByRole('tab', { name: 'JSON' }).click();
    expect(JSON.parse(await page.getByLabel('Arguments', { exact: true }).inputValue())).toEqual({
      issue: 6,
      unknown: { kept: null },
    });
  });

  it('says which header is missing, and that a credential was rejected', async () => {
    const { page } = open;
    const call = async () => {
      await choose('echo');
      await page.getByLabel('text (required)').fill('x');
      await page.getByRole('button', { name: 'Call' }).click();
    };
    await connect('modern', '');
    await call();
    await page
      .getByText(/A credential for tickets is missing\. Disconnect, type it as X-Upstream-\S*Authorization/)
      .waitFor();
    await open.picture('try-missing');
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await connect('modern', 'not-the-token');
    await call();
    await page.getByText('tickets rejected your credential (401).').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
  });

  it('says that a key is not valid', async () => {
    const { page } = open;
    await page.getByLabel('Key of a caller').fill('lethe_key_of_nobody');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('The proxy does not take this key or token.').waitFor();
    await open.picture('try-refused');
  });

  it('cancels a call, and the upstream is told', async () => {
    const { page } = open;
    await connect('modern');
    await choose('wait');
    const before = gaveUp.count;
    await page.getByRole('button', { name: 'Call' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('Cancelled. The upstream was told.').waitFor();
    await expect.poll(() => gaveUp.count).toBe(before + 1);
  });

  it('sends what was typed to the proxy alone, keeps it nowhere, and forgets it when the screen is left', async () => {
    const { page } = open;
    await connect('legacy');
    await choose('echo');
    await page.getByLabel('text (required)').fill('x');
    await page.getByRole('button', { name: 'Call' }).click();
    await page.getByText('tickets: x', { exact: true }).waitFor();
    const proxy = new URL(lethe.proxyUrl).port;
    const holding = await Promise.all(
      sent.map(async (request) => {
        const headers = JSON.stringify(await request.allHeaders());
        const holds = [TOKEN, key].some((secret) =>
          `${request.url()} ${headers} ${request.postData() ?? ''}`.includes(secret),
        );
        return holds ? new URL(request.url()).port : undefined;
      }),
    );
    expect(new Set(holding.filter((port) => port !== undefined))).toEqual(new Set([proxy]));
    const stored = await page.evaluate(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state])',
    );
    for (const secret of [TOKEN, key]) expect(stored).not.toContain(secret);
    await page.getByRole('link', { name: 'Catalogue' }).click();
    await page.getByRole('link', { name: 'Try it' }).first().click();
    await page.getByLabel('Virtual server').selectOption('desk');
    expect(await page.getByLabel('Key of a caller').inputValue()).toBe('');
    expect(await page.getByLabel('tickets: Authorization').inputValue()).toBe('');
  });

  it('can be used by keyboard alone, on a phone, and in the dark', async () => {
    verifies('console.keyboard');
    const { page } = open;
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByLabel('Key of a caller').focus();
    await page.keyboard.type(key);
    await page.keyboard.press('Tab');
    await page.keyboard.type(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Filter' }).focus();
    await page.keyboard.type('echo');
    await page.getByText('1 row', { exact: true }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const field = page.getByLabel('text (required)');
    await field.waitFor();
    for (let n = 0; n < 8 && (await page.evaluate('document.activeElement.tagName')) !== 'TEXTAREA'; n += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.type('by keyboard');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('tickets: by keyboard', { exact: true }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('try-phone');
  });
});
