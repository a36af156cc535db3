// @modelcontextprotocol/client, the official SDK for 2026-07-28, which also speaks the revisions before it.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

export async function connect(url, headers, answerForm) {
  const client = new Client(
    { name: 'lab', version: '1.0.0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  );
  client.setRequestHandler('elicitation/create', answerForm);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return {
    list: () => client.listTools(),
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content,
    close: () => client.close(),
  };
}
