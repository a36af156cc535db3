// @mastra/mcp.
import { MCPClient } from '@mastra/mcp';

export async function connect(url, headers, answerForm) {
  const client = new MCPClient({
    id: 'lab',
    servers: { lab: { url: new URL(url), requestInit: { headers }, inputRequests: async () => answerForm() } },
  });
  const { toolsets, errors } = await client.listToolsetsWithErrors();
  if (errors.lab !== undefined) throw new Error(errors.lab);
  return {
    list: async () => toolsets.lab,
    call: async (name, args) => {
      const tool = toolsets.lab?.[name];
      return tool?.execute(args, {});
    },
    close: () => client.disconnect(),
  };
}
