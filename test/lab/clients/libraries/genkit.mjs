// @genkit-ai/mcp.
import { createMcpClient } from '@genkit-ai/mcp';
import { genkit } from 'genkit';

export async function connect(url, headers) {
  const ai = genkit({});
  const client = createMcpClient({ name: 'lab', mcpServer: { url, requestInit: { headers } } });
  await client.ready();
  const tools = await client.getActiveTools(ai);
  return {
    list: async () => tools,
    call: async (name, args) => {
      const tool = tools.find((each) => each.__action.name.endsWith(`/${name}`));
      return tool?.(args);
    },
    close: () => client.disable(),
  };
}
