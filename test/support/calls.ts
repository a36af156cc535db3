import { eventually } from './eventually.js';
import { connectModern } from './mcp-clients.js';

/** Calls the `echo` tool as a modern client; the answer or the error as text. */
export async function callEcho(endpoint: string, headers: Record<string, string>): Promise<string> {
  try {
    const client = await connectModern(endpoint, headers);
    try {
      return JSON.stringify(await client.callTool({ name: 'echo', arguments: { text: 'hello' } }));
    } finally {
      await client.close();
    }
  } catch (error) {
    return String(error);
  }
}

/** What is answered while a virtual server or the key is not known here yet; 429 after some tries with an unknown key. */
const NOT_YET = new Set([401, 404, 429, 503]);

/**
 * Whether this proxy serves the virtual server. One whose callers have keys needs a key for this: without one its answer is
 * that of a virtual server that does not exist. One whose callers have tokens is known by its request for one.
 */
export async function askWhetherServed(
  proxyUrl: string,
  slug: string,
  { key, signal }: { key?: string | undefined; signal?: AbortSignal } = {},
): Promise<{ isServed: boolean; status: number }> {
  const authorization = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  const answer = await fetch(`${proxyUrl}/servers/${slug}/mcp`, {
    headers: { accept: 'text/event-stream', ...authorization },
    ...(signal && { signal }),
  });
  await answer.body?.cancel();
  const asksForToken = answer.headers.get('www-authenticate')?.includes('resource_metadata=') === true;
  return { isServed: asksForToken || !NOT_YET.has(answer.status), status: answer.status };
}

/** Publishing is asynchronous: waits until this proxy serves the virtual server. */
export async function servedBy(proxyUrl: string, slug: string, key?: string): Promise<void> {
  await eventually(async () => {
    const { isServed, status } = await askWhetherServed(proxyUrl, slug, { key });
    if (!isServed) throw new Error(`${slug} is not served: ${status}`);
  }, 15_000);
}
