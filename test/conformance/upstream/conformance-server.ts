import { McpServer } from '@modelcontextprotocol/server';
import type { Announcer } from './announcer.js';
import { addContentTools } from './content-tools.js';
import { addInputTools } from './input-tools.js';
import { addMultiRoundTools } from './multi-round-tools.js';
import { addNotifyingTools } from './notifying-tools.js';
import { addPrompts } from './prompts.js';
import { addResources } from './resources.js';
import { addSchemaTools } from './schema-tools.js';
import { verifyState } from './request-states.js';

/**
 * What the official suite expects a server to expose, with the names it looks for. Tools that ask for input are written
 * once, as `input_required` results; in the legacy era the SDK sends the same as requests to the client.
 */
export function conformanceServer(announcer: Announcer): McpServer {
  const server = new McpServer(
    { name: 'lethe-conformance-upstream', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { subscribe: true, listChanged: true },
        logging: {},
        completions: {},
      },
      requestState: { verify: verifyState },
    },
  );
  addContentTools(server);
  addNotifyingTools(server, announcer);
  addSchemaTools(server);
  addInputTools(server);
  addMultiRoundTools(server);
  addResources(server);
  addPrompts(server);
  return server;
}
