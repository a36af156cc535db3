// @openai/agents.
import { MCPServerStreamableHttp } from '@openai/agents';

export async function connect(url, headers) {
  const server = new MCPServerStreamableHttp({ url, name: 'lab', requestInit: { headers } });
  await server.connect();
  return {
    list: () => server.listTools(),
    call: (name, args) => server.callTool(name, args),
    close: () => server.close(),
  };
}
