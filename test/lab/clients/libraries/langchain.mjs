// @langchain/mcp-adapters.
import { MultiServerMCPClient } from '@langchain/mcp-adapters';

export async function connect(url, headers) {
  const client = new MultiServerMCPClient({ mcpServers: { lab: { transport: 'http', url, headers } } });
  const tools = await client.getTools();
  return {
    list: async () => tools,
    call: async (name, args) => {
      const tool = tools.find((each) => each.name === name);
      return tool?.invoke(args);
    },
    close: () => client.close(),
  };
}
