import type { Page } from 'playwright-core';

/** Types a URL on the screen of registrations, looks what answers there, and goes on to the details. */
export async function lookAt(page: Page, url: string): Promise<void> {
  await page.getByLabel('URL of the MCP server').fill(url);
  await page.getByRole('button', { name: 'Look what answers' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** Names the gateway and registers it. */
export async function register(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('button', { name: /^Register/ }).click();
}

/** Reserves a slot and waits until its offer is checked. */
export async function reserveSlot(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Reserve a slot' }).click();
  await page.getByText('The offer of the slot is signed').waitFor();
}

/** Types a bearer token and sends it, sealed. */
export async function sealToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('Bearer token').fill(token);
  await page.getByRole('button', { name: 'Seal and verify' }).click();
}
