// @modelcontextprotocol/sdk, the official SDK up to 2025-11-25. Its lists come page by page.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';

export async function connect(url, headers, answerForm) {
  const client = new Client({ name: 'lab', version: '1.0.0' }, { capabilities: { elicitation: { form: {} } } });
  client.setRequestHandler(ElicitRequestSchema, answerForm);
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  return {
    list: async () => {
      let cursor;
      do cursor = (await client.listTools({ cursor })).nextCursor;
      while (cursor !== undefined);
    },
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content,
    close: () => client.close(),
  };
}
