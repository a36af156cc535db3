import { randomBytes } from 'node:crypto';
import type { Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { piecesIn, recordSent, stringsInMemory } from '../support/console/leaks.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { lookAt, register, reserveSlot, sealToken } from '../support/console/registering.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { testTrust } from '../support/trust.js';
import { startEverythingUpstream, type Upstream } from '../support/upstreams/index.js';
import { freePort } from '../support/upstreams/loopback-server.js';

const TOKEN = randomBytes(24).toString('base64url');
const SLOT_TTL_SECONDS = 15;
const VERIFICATIONS = /\/v1\/gateways\/[^/]+\/verifications$/;

describe.skipIf(!hasChromium())('sealing in the page', () => {
  let lethe: Embedded;
  let upstream: Upstream;
  let open: OpenConsole;
  /** Sealed credentials that the page has sent. */
  let sealed: string[];

  beforeAll(async () => {
    upstream = await startEverythingUpstream({ token: TOKEN });
    lethe = await startEmbedded({
      LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8',
      LETHE_SLOT_TTL_SECONDS: String(SLOT_TTL_SECONDS),
      REGISTRY_PORT: String(await freePort()),
    });
    await lethe.admin.createGateway({
      name: 'Tickets',
      url: upstream.url,
      passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }],
    });
  });
  afterAll(async () => {
    await lethe?.stop();
    await upstream?.close();
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/gateways/tickets/verify');
    sealed = [];
    open.page.on('request', (request) => {
      if (request.method() === 'PUT') sealed.push(request.url());
    });
    await open.signIn(lethe.admin.token);
  });
  afterEach(async () => {
    const { violations, errors } = open;
    await open.close();
    await lethe.admin.cancelVerifications();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  it('sends no piece of the credential in any encoding, and holds no string of it after', async () => {
    verifies('console.never-in-clear');
    const { page, context } = open;
    const sent = await recordSent(context, page);
    await open.go('/gateways/register');
    await lookAt(page, upstream.url);
    await register(page, 'Leak');
    await reserveSlot(page);
    await sealToken(page, `Bearer ${TOKEN}`);
    await page.getByText('leak is verified').waitFor();
    await page.getByText('the signature was checked in this page').waitFor();
    await sent.settled();
    expect(sealed).toHaveLength(1);
    expect(sent.texts.some((text) => text.startsWith('eyJ'))).toBe(true);
    expect(piecesIn(sent.texts, TOKEN)).toEqual([]);
    expect(await stringsInMemory(context, page, TOKEN)).toBe(0);

    const planted = randomBytes(24).toString('base64url');
    const ways = [
      `fetch('/v1/status?x=${planted}')`,
      `fetch('/v1/status', { headers: { 'x-planted': '${Buffer.from(`a${planted}`).toString('base64')}' } })`,
      `fetch('/v1/probes', { method: 'POST', body: '${Buffer.from(planted).toString('hex')}' })`,
      `fetch('/v1/probes', { method: 'POST', body: new Blob(['${planted}']) })`,
      `fetch('/v1/probes', { method: 'POST', body: '${planted.replaceAll(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`)}' })`,
    ];
    for (const way of ways) {
      const before = sent.texts.length;
      await page.evaluate(way);
      await sent.settled();
      expect(piecesIn(sent.texts.slice(before), planted), way).not.toEqual([]);
    }
    await page.evaluate(`globalThis.planted = '${planted}'`);
    expect(await stringsInMemory(context, page, planted)).toBeGreaterThan(0);
  });

  it('says that the slot has ended while somebody typed, and goes on with what was typed', async () => {
    const { page } = open;
    await reserveSlot(page);
    await page.getByLabel('Bearer token').fill(TOKEN);
    await page.getByText('The slot has ended').waitFor();
    await page.getByText('What you typed is still in the field').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('slot-ended');
    await page.keyboard.press('Enter');
    expect(sealed).toEqual([]);
    await page.getByRole('button', { name: 'Take a new slot' }).click();
    await page.getByRole('button', { name: 'Seal and verify' }).click();
    await page.getByText('tickets is verified').waitFor();
    expect(sealed).toHaveLength(1);
  });

  it('seals nothing for a URL that is not the one in sight, after somebody else has changed it', async () => {
    const { page } = open;
    const shop = await lethe.admin.createGateway({
      ...{ name: 'Shop', url: `${upstream.url}/before` },
      passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer', required: true }],
    });
    await open.go(`/gateways/${shop.slug}/verify`);
    await reserveSlot(page);
    await page.getByLabel('Bearer token').fill(TOKEN);
    await lethe.admin.ask('PATCH', `/gateways/${shop.slug}`, { url: upstream.url });
    await page.getByText('The URL of this server was changed').waitFor();
    await page.getByText(upstream.url, { exact: true }).waitFor();
    await page.getByLabel('Bearer token').press('Enter');
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('url-changed');
    expect(sealed).toEqual([]);
    await page.getByRole('button', { name: 'Take a new slot' }).click();
    await page.getByRole('button', { name: 'Seal and verify' }).click();
    await page.getByText(`${shop.slug} is verified`).waitFor();
    expect(sealed).toHaveLength(1);
  });

  it('asks anew for what was typed for a header that has another name by now', async () => {
    const { page } = open;
    const header = (name: string) => ({ passthroughHeaders: [{ header: name, required: true }] });
    const { slug } = await lethe.admin.createGateway({
      name: 'Till',
      url: `${upstream.url}/till`,
      ...header('X-Old-Key'),
    });
    await open.go(`/gateways/${slug}/verify`);
    await reserveSlot(page);
    await page.getByLabel('X-Old-Key').fill(TOKEN);
    await lethe.admin.ask('PATCH', `/gateways/${slug}`, header('X-New-Key'));
    await page.getByLabel('X-New-Key').waitFor();
    expect(await page.getByLabel('X-New-Key').inputValue()).toBe('');
  });

  it('goes on after the registry was restarted while somebody typed', async () => {
    const { page } = open;
    await reserveSlot(page);
    await page.getByLabel('Bearer token').fill(TOKEN);
    await lethe.process.stop();
    await lethe.restart();
    const renew = page.getByRole('button', { name: 'Take a new slot' });
    const seal = page.getByRole('button', { name: 'Seal and verify' });
    const taken = page.waitForResponse(
      (response) => response.request().method() === 'POST' && /\/verifications$/.test(response.url()),
    );
    // The slot went with its connector: the page may know that already, or hear it when it sends.
    await seal.or(renew).first().click();
    await Promise.race([taken, renew.waitFor()]);
    if (await renew.isVisible()) await renew.click();
    await taken;
    await seal.waitFor();
    await expect.poll(() => page.getByLabel('Bearer token').inputValue()).toBe(TOKEN);
    await seal.click();
    await page.getByText('tickets is verified').waitFor();
  }, 120_000);

  it('finds out what became of a sealed credential whose answer was lost, and never sends it twice', async () => {
    const { page } = open;
    await reserveSlot(page);
    await page.route('**/credential', (route) => route.abort());
    await sealToken(page, TOKEN);
    await page.getByText('It did not arrive').waitFor();
    expect(sealed).toHaveLength(1);
    await page.unroute('**/credential');
    await page.getByRole('button', { name: 'Try again' }).click();
    await reserveSlot(page);
    await sealToken(page, TOKEN);
    await page.getByText('tickets is verified').waitFor();
  });

  it('refuses an offer that was changed on its way, and sends nothing', async () => {
    verifies('console.tampered-refused');
    const { page } = open;
    const stranger = testTrust().connectorSigner();
    const other = await lethe.admin.createGateway({ name: 'Other', url: `${upstream.url}/other` });
    const elsewhere = (await lethe.admin.startVerification(other.slug)).slot?.offer ?? '';
    const changes: [string, (offer: string) => string | Promise<string>][] = [
      ['The signature is not valid', (offer) => withClaims(offer, { aud: 'https://evil.example/mcp' })],
      ['The signature is not valid', (offer) => offer.replace(/\.[^.]+$/, `.${'A'.repeat(86)}`)],
      [
        'signed with a key that is not trusted here',
        (offer) => stranger.sign('slotOffer', JSON.parse(claimsOf(offer)), new Date()),
      ],
      ['The offer is for another server', () => elsewhere],
      ['The signature is not valid', () => ''],
    ];
    for (const [said, change] of changes) {
      await page.route(VERIFICATIONS, (route) => changeOffer(route, change));
      await page.getByRole('button', { name: /Reserve a slot|Try again/ }).click();
      await page.getByText(said).waitFor();
      await page.getByText('Nothing was sent').waitFor();
      await page.unroute(VERIFICATIONS);
    }
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('offer-refused');
    expect(sealed).toEqual([]);
    expect(await page.locator('input[type=password]').count()).toBe(0);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('The offer of the slot is signed').waitFor();
  });

  it('refuses a connector key that is not the one of before, until somebody has compared it', async () => {
    verifies('console.tampered-refused');
    const { page } = open;
    await reserveSlot(page);
    await page.getByRole('button', { name: 'Give up' }).click();
    const [theirs] = testTrust().identities('connector');
    await page.route('**/v1/connectors', (route) =>
      route.fulfill({ json: { items: [{ ...theirs, connectors: [] }] } }),
    );
    const begun: string[] = [];
    page.on('request', (request) => VERIFICATIONS.test(request.url()) && begun.push(request.method()));
    await page.getByRole('button', { name: 'Reserve a slot' }).click();
    await page.getByText("The key of this registry's connectors has changed").waitFor();
    await page.getByText(theirs?.fingerprint ?? '').waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await open.picture('fingerprint-changed');
    expect({ sealed, begun }).toEqual({ sealed: [], begun: [] });
    await page.getByRole('button', { name: 'I compared it' }).click();
    await page.getByText('signed with a key that is not trusted here').waitFor();
    await page.unroute('**/v1/connectors');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('has changed').waitFor();
    await page.getByRole('button', { name: 'I compared it' }).click();
    await page.getByText('The offer of the slot is signed').waitFor();
    expect(sealed).toEqual([]);
  });

  it.each([
    [
      'insecure',
      `Object.defineProperty(globalThis, 'isSecureContext', { value: false })`,
      'only on pages that come over https',
    ],
    ['old', `SubtleCrypto.prototype.generateKey = () => Promise.reject(new Error('unknown'))`, 'no Ed25519 or X25519'],
  ])('shows the command instead of a field where the browser can not seal: %s', async (_name, script, said) => {
    const { page } = open;
    await page.addInitScript({ content: script });
    await page.reload();
    await open.signIn(lethe.admin.token);
    await page.getByText(said).waitFor();
    await page.getByText('lethe verify tickets').waitFor();
    expect(await page.locator('input[type=password]').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Reserve a slot' }).count()).toBe(0);
  });
});

async function changeOffer(route: Route, change: (offer: string) => string | Promise<string>): Promise<void> {
  const response = await route.fetch();
  const body = (await response.json()) as { slot: { offer: string } };
  body.slot.offer = await change(body.slot.offer);
  await route.fulfill({ response, json: body });
}

function claimsOf(offer: string): string {
  return Buffer.from(offer.split('.')[1] ?? '', 'base64url').toString('utf8');
}

function withClaims(offer: string, changes: object): string {
  const [header, , signature] = offer.split('.');
  const claims = JSON.stringify({ ...JSON.parse(claimsOf(offer)), ...changes });
  return [header, Buffer.from(claims).toString('base64url'), signature].join('.');
}
