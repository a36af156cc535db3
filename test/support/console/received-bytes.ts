import type { Page } from 'playwright-core';

/** Bytes of responses, as they were encoded, that a page received during `work` without its cache (DevTools protocol, Network). */
export async function bytesReceived(page: Page, work: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await work();
  await session.detach();
  return bytes;
}
