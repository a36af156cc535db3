import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { CHROMIUM } from '../services/service-variables.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Screenshots of the stories, to be looked at. */
const PICTURES = fileURLToPath(new URL('../../../dist/console-stories/', import.meta.url));

/** Runs in the page, where this program's types do not reach. */
const NOTE_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  noteViolation(event.effectiveDirective + ': ' + event.blockedURI + ' ' + event.sample))`;

/** Whether there is a Chromium to run the stories in. In CI there always is. */
export const hasChromium = (): boolean => process.env[CHROMIUM] !== undefined;

/** A browser with a tab in which the console is open. */
export interface OpenConsole {
  page: Page;
  context: BrowserContext;
  /** What the page broke of its Content-Security-Policy; every story ends with none. */
  violations: string[];
  /** Errors that nothing in the page has caught. */
  errors: string[];
  /** Signs in with an administrator's token, and waits for the first screen. */
  signIn(token: string): Promise<void>;
  /** Goes to a screen below `/console` within the page, so that it stays signed in. */
  go(path: string): Promise<void>;
  /** What axe finds that is serious or critical: `rule: elements`. */
  seriousFindings(): Promise<string[]>;
  /** Keeps a picture of the page as `dist/console-stories/<name>.png`. */
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

/** One Chromium for the stories of a file: to start it takes longer than some of them. Contexts share nothing. */
let launched: Promise<Browser> | undefined;
afterAll(async () => {
  await (await launched)?.close();
  launched = undefined;
});

/** Opens the console of a registry in Chromium. @param at the path below `/console` */
export async function openConsole(
  registryUrl: string,
  options: BrowserContextOptions = {},
  at = '/',
): Promise<OpenConsole> {
  const browser = await (launched ??= launchChromium());
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const violations: string[] = [];
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.exposeFunction('noteViolation', (violation: string) => violations.push(violation));
  await page.addInitScript({ content: NOTE_VIOLATIONS });
  await page.goto(`${registryUrl}/console${at}`);
  return { page, context, violations, errors, ...stepsIn(page), close: () => context.close() };
}

function stepsIn(page: Page): Pick<OpenConsole, 'signIn' | 'go' | 'seriousFindings' | 'picture'> {
  return {
    signIn: async (token) => {
      await page.getByLabel('Administrator token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    },
    go: async (path) => {
      await page.evaluate(goAndWait(`/console${path}`));
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
    seriousFindings: async () => {
      // Evaluated by the debugger, as the policy of the page lets no other script in.
      await page.evaluate(AXE);
      const results: AxeResults = await page.evaluate('axe.run()');
      return results.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    },
    picture: async (name) => {
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled', fullPage: true });
    },
  };
}

/** What goes to an address and ends when its screen is there: until then the one before is, with a heading of its own. */
function goAndWait(address: string): string {
  return `new Promise((resolve) => {
    const address = new URL(${JSON.stringify(address)}, location.href);
    const stop = __TSR_ROUTER__.subscribe('onRendered', ({ toLocation }) => {
      if (new URL(toLocation.publicHref, address).pathname !== address.pathname) return;
      stop();
      resolve();
    });
    history.pushState({}, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  })`;
}

/** Starts the Chromium of the test services, as root, too. */
async function launchChromium(): Promise<Browser> {
  const executablePath = process.env[CHROMIUM];
  if (executablePath === undefined) throw new Error('there is no Chromium');
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}
