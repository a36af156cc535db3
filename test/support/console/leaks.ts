import type { BrowserContext, Page } from 'playwright-core';

/** What a page has sent, recorded below it by the DevTools protocol. */
export interface SentByPage {
  /** Bodies, URLs, header names and values, and WebSocket frames. */
  texts: string[];
  /** Waits for bodies that are still being read. */
  settled(): Promise<void>;
}

/** Records all that a page sends from now on. */
export async function recordSent(context: BrowserContext, page: Page): Promise<SentByPage> {
  const cdp = await context.newCDPSession(page);
  const texts: string[] = [];
  const reading: Promise<void>[] = [];
  const noteHeaders = (headers: object): void => {
    texts.push(JSON.stringify(headers));
  };
  cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
    texts.push(request.url, request.postData ?? '');
    noteHeaders(request.headers);
    for (const { bytes } of request.postDataEntries ?? [])
      texts.push(Buffer.from(bytes ?? '', 'base64').toString('latin1'));
    if (request.hasPostData !== true || request.postData !== undefined) return;
    const read = cdp.send('Network.getRequestPostData', { requestId });
    reading.push(read.then(({ postData }) => void texts.push(postData)));
  });
  cdp.on('Network.requestWillBeSentExtraInfo', ({ headers }) => noteHeaders(headers));
  cdp.on('Network.webSocketCreated', ({ url }) => void texts.push(url));
  cdp.on('Network.webSocketFrameSent', ({ response }) => void texts.push(response.payloadData));
  const settled = async (): Promise<void> => {
    await Promise.all(reading);
  };
  await cdp.send('Network.enable', { maxPostDataSize: 1_000_000 });
  return { texts, settled };
}

/** How many pieces of eight bytes of a secret are in the texts, as they are, in base64, base64url, hexadecimal or percent-encoded. */
export function piecesIn(texts: readonly string[], secret: string): string[] {
  const all = texts.join('\n');
  return needlesOf(secret).filter((needle) => all.includes(needle));
}

function needlesOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const needles = new Set<string>();
  for (let at = 0; at + 8 <= bytes.length; at += 1) {
    const hex = bytes.subarray(at, at + 8).toString('hex');
    const percent = hex.replaceAll(/../g, '%$&');
    for (const needle of [bytes.toString('utf8', at, at + 8), hex, percent])
      needles.add(needle).add(needle.toUpperCase());
    // Nine bytes are twelve characters, wherever the secret stands in what is encoded.
    const nine = bytes.subarray(at, at + 9);
    if (nine.length === 9) needles.add(nine.toString('base64')).add(nine.toString('base64url'));
  }
  return [...needles];
}

/** How many strings of the page's JavaScript memory hold a text, after a garbage collection. */
export async function stringsInMemory(context: BrowserContext, page: Page, text: string): Promise<number> {
  const cdp = await context.newCDPSession(page);
  const chunks: string[] = [];
  cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => void chunks.push(chunk));
  await cdp.send('HeapProfiler.enable');
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  await cdp.detach();
  const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
  return strings.filter((string) => string.includes(text)).length;
}
