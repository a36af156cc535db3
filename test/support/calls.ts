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

const NOT_YET = new Set([404, 503]);

/**
 * Publishing is asynchronous: waits until this proxy serves the virtual server. One whose callers have keys needs a key for
 * this: without one its answer is that of a virtual server that does not exist.
 */
export async function servedBy(proxyUrl: string, slug: string, key?: string): Promise<void> {
  const authorization = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  await eventually(async () => {
    const answer = await fetch(`${proxyUrl}/servers/${slug}/mcp`, {
      headers: { accept: 'text/event-stream', ...authorization },
    });
    await answer.body?.cancel();
    const asksForToken = answer.headers.get('www-authenticate')?.includes('resource_metadata=') === true;
    if (NOT_YET.has(answer.status) || (answer.status === 401 && !asksForToken)) {
      throw new Error(`${slug} is not served: ${answer.status}`);
    }
  }, 15_000);
}
