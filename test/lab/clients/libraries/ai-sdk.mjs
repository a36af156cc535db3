// @ai-sdk/mcp of Vercel's AI SDK.
import { createMCPClient, ElicitationRequestSchema } from '@ai-sdk/mcp';

export async function connect(url, headers, answerForm) {
  const client = await createMCPClient({
    transport: { type: 'http', url, headers },
    capabilities: { elicitation: {} },
  });
  client.onElicitationRequest(ElicitationRequestSchema, answerForm);
  return {
    list: () => client.tools(),
    call: async (name, args) => (await client.callTool({ name, arguments: args })).content,
    close: () => client.close(),
  };
}
