import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import type { Announcer } from './announcer.js';
import { text } from './samples.js';

/** Tools that say something before they answer, or to those who listen to the server. */
export function addNotifyingTools(server: McpServer, announcer: Announcer): void {
  addSpeakingTools(server);
  const done = { content: [text('announced')] };
  server.registerTool('test_trigger_tool_change', { description: 'Announces a change of the tools' }, () => {
    announcer.toolsChanged();
    return done;
  });
  server.registerTool('test_trigger_prompt_change', { description: 'Announces a change of the prompts' }, () => {
    announcer.promptsChanged();
    return done;
  });
  server.registerTool('test_trigger_resource_update', { description: 'Announces a changed resource' }, () => {
    announcer.resourceUpdated('test://watched-resource');
    return done;
  });
}

function addSpeakingTools(server: McpServer): void {
  const log = async (context: ServerContext) => {
    for (const step of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', step);
    }
    return { content: [text('logged')] };
  };
  server.registerTool('test_tool_with_logging', { description: 'Logs three messages' }, log);
  server.registerTool('test_logging_tool', { description: 'Logs where the request asks for it' }, log);
  server.registerTool('test_tool_with_progress', { description: 'Reports progress three times' }, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of progressToken === undefined ? [] : [0, 50, 100]) {
      await context.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
    }
    return { content: [text(String(progressToken))] };
  });
  // SEP-1699: the answer waits in the event store until the client comes back for it.
  server.registerTool('test_reconnection', { description: 'Closes the stream before it answers' }, (context) => {
    context.http?.closeSSE?.();
    return { content: [text('Reconnected')] };
  });
}
