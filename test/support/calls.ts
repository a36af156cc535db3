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

/** Publishing is asynchronous: waits until this proxy serves the virtual server to this caller. */
export async function servedBy(proxyUrl: string, slug: string, key: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await fetch(`${proxyUrl}/servers/${slug}/mcp`, {
      headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream' },
    });
    await answer.body?.cancel();
    if (![401, 404, 503].includes(answer.status)) return;
    if (Date.now() > deadline) throw new Error(`${slug} is not served: ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
