import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUDIENCE, CONSOLE_CLIENT, type ConsoleIssuer, startConsoleIssuer } from '../support/console/console-issuer.js';
import { hasChromium, type OpenConsole, openConsole } from '../support/console/open-console.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { verifies } from '../requirements.js';

describe.skipIf(!hasChromium())('the sign-in at the issuer of the organisation', () => {
  let issuer: ConsoleIssuer;
  let lethe: Embedded;
  let open: OpenConsole;

  beforeAll(async () => {
    issuer = await startConsoleIssuer();
    lethe = await startEmbedded({
      LETHE_ADMIN_OIDC_ISSUER: issuer.issuer,
      LETHE_ADMIN_OIDC_AUDIENCE: AUDIENCE,
      LETHE_ADMIN_OIDC_ROLES: 'groups:platform-admins=admin',
      LETHE_CONSOLE_OIDC_CLIENT_ID: CONSOLE_CLIENT,
    });
    issuer.register(`${lethe.registryUrl}/console/callback`);
  });
  afterAll(async () => {
    await lethe?.stop();
    await issuer?.close();
  });
  beforeEach(async () => {
    open = await openConsole(lethe.registryUrl, {}, '/servers?q=x');
  });
  afterEach(async () => {
    Object.assign(issuer, { groups: ['platform-admins'], denies: false, allowsPage: true, tamper: undefined });
    const { violations, errors } = open;
    await open.close();
    expect({ violations, errors }).toEqual({ violations: [], errors: [] });
  });

  const begin = () => open.page.getByRole('button', { name: `Sign in at ${new URL(issuer.issuer).host}` }).click();
  /** All that the page has kept, and where it is. */
  const kept = () => open.page.evaluate<string>('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie, location.href])'); // prettier-ignore

  it('leads to the issuer and back to where the person was, with a token that no storage holds', async () => {
    verifies('console.sign-in-at-issuer');
    await open.page.getByRole('button', { name: 'Sign in at' }).waitFor();
    expect(await open.seriousFindings()).toEqual([]);
    await begin();
    await open.page.getByText('A Person').waitFor();
    await open.page.getByRole('navigation', { name: 'Screens' }).waitFor();
    expect(new URL(open.page.url()).pathname + new URL(open.page.url()).search).toBe('/console/servers?q=x');
    const stored = await kept();
    for (const secret of [...issuer.issued, ...issuer.secrets]) expect(stored).not.toContain(secret);
    expect(issuer.issued).toHaveLength(1);
    // Nobody finds the code in the history.
    await open.page.goBack();
    expect(open.page.url()).not.toContain('code=');
  });

  it('is over with the page, and needs no second answer of the person', async () => {
    verifies('console.sign-in-at-issuer');
    await begin();
    await open.page.getByText('A Person').waitFor();
    await open.page.reload();
    await open.page.getByLabel('Administrator token').waitFor();
    await begin();
    await open.page.getByText('A Person').waitFor();
  });

  it('says that the person was refused, there or here', async () => {
    verifies('console.sign-in-at-issuer');
    issuer.denies = true;
    await begin();
    await open.page.getByText('The issuer has refused the sign-in').waitFor();
    expect(await kept()).not.toMatch(/verifier|state=|error=/);
    issuer.denies = false;
    issuer.groups = ['sales'];
    await begin();
    await open.page.getByRole('alert').waitFor();
    expect(await open.page.getByText('A Person').count()).toBe(0);
    await open.picture('sign-in-at-issuer-refused');
  });

  it('says that the issuer lets no page of this address read its answer', async () => {
    verifies('console.sign-in-at-issuer');
    issuer.allowsPage = false;
    await begin();
    await open.page.getByText(`it does not allow requests of ${lethe.registryUrl}`).waitFor();
  });

  it.each([
    ['another state', (url: URL) => url.searchParams.set('state', 'forged')],
    ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
    ['no issuer', (url: URL) => url.searchParams.delete('iss')],
    ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
  ])('uses no answer with %s', async (_what, change) => {
    verifies('console.sign-in-at-issuer');
    const { length } = issuer.issued;
    issuer.tamper = change;
    await begin();
    await open.page.getByText('is not one to this sign-in').waitFor();
    expect(issuer.issued).toHaveLength(length);
    expect(await kept()).not.toMatch(/verifier|code=/);
  });

  it('uses no answer to a sign-in that this tab has not begun', async () => {
    verifies('console.sign-in-at-issuer');
    const { length } = issuer.issued;
    await open.page.goto(`${lethe.registryUrl}/console/callback?code=a&state=b&iss=${issuer.issuer}`);
    await open.page.getByText('This tab has not begun a sign-in').waitFor();
    expect([issuer.issued.length, open.page.url()]).toEqual([length, `${lethe.registryUrl}/console/`]);
  });
});
