import { inputRequired, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const name = z.object({ name: z.string() });

/** A tool that greets, and one that first asks the user for a name and tells what was answered. */
export function addLabTools(server: McpServer): void {
  server.registerTool('salute', { description: 'Greets somebody', inputSchema: name }, (input) => ({
    content: [{ type: 'text', text: `Hello ${input.name} from the modern era` }],
  }));
  server.registerTool('ask-name', { description: 'Asks the user for a name' }, ({ mcpReq }) => {
    const given = mcpReq.inputResponses?.['who'];
    if (given === undefined) {
      const who = inputRequired.elicit({ message: 'Who are you?', requestedSchema: name });
      return inputRequired({ inputRequests: { who } });
    }
    return { content: [{ type: 'text', text: `You answered ${JSON.stringify(given)}` }] };
  });
}
