import { acceptedContent, inputRequired, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const answer = z.object({ sure: z.boolean() });

/** Tools of a modern server that need something of the client before they are done; resources that can be watched. */
export function addInputRequiredTools(server: McpServer): void {
  server.server.registerCapabilities({ resources: { subscribe: true, listChanged: true }, logging: {} });
  server.registerTool('confirm', { inputSchema: z.object({ what: z.string() }) }, ({ what }, { mcpReq }) => {
    const given = acceptedContent(mcpReq.inputResponses, 'sure', answer);
    if (given === undefined) {
      const sure = inputRequired.elicit({ message: `Really ${what}?`, requestedSchema: answer });
      return inputRequired({ inputRequests: { sure }, requestState: `state of ${what}` });
    }
    const state = String(mcpReq.requestState() ?? 'none');
    return { content: [{ type: 'text', text: `${what}: ${given.sure}, ${state}` }] };
  });
}
