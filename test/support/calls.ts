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

/** Publishing is asynchronous: waits until this proxy serves the virtual server, to the caller with this key if given. */
export async function servedBy(proxyUrl: string, slug: string, key?: string): Promise<void> {
  const authorization = key === undefined ? undefined : { authorization: `Bearer ${key}` };
  const notYet = key === undefined ? [404, 503] : [401, 404, 503];
  await eventually(async () => {
    const answer = await fetch(`${proxyUrl}/servers/${slug}/mcp`, {
      headers: { accept: 'text/event-stream', ...authorization },
    });
    await answer.body?.cancel();
    if (notYet.includes(answer.status)) throw new Error(`${slug} is not served: ${answer.status}`);
  }, 15_000);
}
