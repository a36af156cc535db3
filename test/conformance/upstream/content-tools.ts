import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { audio, embedded, image, text } from './samples.js';

const RESULTS: Record<string, CallToolResult> = {
  test_simple_text: { content: [text('This is a simple text response for testing.')] },
  test_image_content: { content: [image] },
  test_audio_content: { content: [audio] },
  test_embedded_resource: {
    content: [embedded('test://embedded-resource', 'This is an embedded resource content.')],
  },
  test_multiple_content_types: {
    content: [
      text('Multiple content types test:'),
      image,
      embedded('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
    ],
  },
};

/** Tools that answer always the same: one for each kind of content, and one that fails. */
export function addContentTools(server: McpServer): void {
  for (const [name, result] of Object.entries(RESULTS)) {
    server.registerTool(name, { description: `Answers with the content of ${name}` }, () => result);
  }
  server.registerTool('test_error_handling', { description: 'Fails on purpose' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}
