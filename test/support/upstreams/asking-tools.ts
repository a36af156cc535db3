import { inputRequired, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

const form = (message: string) => inputRequired.elicit({ message, requestedSchema: z.object({ sure: z.boolean() }) });
const text = (value: unknown) => ({ content: [{ type: 'text' as const, text: JSON.stringify(value) }] });

/** A modern server that asks in every way: several things at once, a URL, again and again, and in a prompt. */
export function addAskingTools(server: McpServer): void {
  server.registerTool('all', { inputSchema: z.object({ what: z.string() }) }, ({ what }, { mcpReq }) => {
    if (mcpReq.inputResponses !== undefined)
      return text({ given: mcpReq.inputResponses, state: mcpReq.requestState() });
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: `sample ${what}` } }];
    const asked = {
      sure: form(`Really ${what}?`),
      words: inputRequired.createMessage({ messages, maxTokens: 7 }),
      roots: inputRequired.listRoots(),
    };
    return inputRequired({ inputRequests: asked, requestState: `state of ${what}` });
  });
  server.registerTool('open', { inputSchema: z.object({ url: z.string() }) }, ({ url }, { mcpReq }) =>
    mcpReq.inputResponses
      ? text(mcpReq.inputResponses)
      : inputRequired({ inputRequests: { page: inputRequired.elicitUrl({ message: 'Open it', url }) } }),
  );
  server.registerTool('again', { inputSchema: z.object({ times: z.number() }) }, ({ times }, { mcpReq }) => {
    const round = Number(mcpReq.requestState() ?? 0);
    if (round === times) return text({ round });
    const inputRequests = { next: form(`Round ${round + 1}`) };
    // The first round only lets time pass.
    return inputRequired({ ...(round > 0 && { inputRequests }), requestState: String(round + 1) });
  });
  server.registerPrompt('asked', { argsSchema: z.object({}) }, (_args, { mcpReq }) =>
    mcpReq.inputResponses
      ? { messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(mcpReq.inputResponses) } }] }
      : inputRequired({ inputRequests: { sure: form('For a prompt?') } }),
  );
}
