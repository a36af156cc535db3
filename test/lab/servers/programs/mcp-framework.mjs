import { MCPServer, MCPTool, MCPResource, MCPPrompt } from 'mcp-framework';
import { z } from 'zod';

class Echo extends MCPTool {
  name = 'echo';
  description = 'Repeats a text';
  schema = z.object({ text: z.string().describe('what is repeated') });
  async execute({ text }) {
    return text;
  }
}

class Ask extends MCPTool {
  name = 'ask';
  description = 'Asks the person';
  schema = z.object({ what: z.string().describe('what about') });
  async execute({ what }) {
    return this.elicit(`Really ${what}?`, { sure: { type: 'boolean' } });
  }
}

class Note extends MCPResource {
  uri = 'note://one';
  name = 'note';
  description = 'A note';
  mimeType = 'text/plain';
  async read() {
    return [{ uri: this.uri, mimeType: this.mimeType, text: 'a note' }];
  }
}

class Greet extends MCPPrompt {
  name = 'greet';
  description = 'Greets somebody';
  schema = { who: { type: z.string(), description: 'whom', required: true } };
  async generateMessages({ who }) {
    return [{ role: 'user', content: { type: 'text', text: `Hello ${who}` } }];
  }
}

const server = new MCPServer({
  name: 'mcp-framework-lab',
  version: '1.0.0',
  transport: { type: 'http-stream', options: { port: Number(process.env.PORT), host: '127.0.0.1' } },
});
server.addTool(Echo);
server.addTool(Ask);
server.addResource(Note);
server.addPrompt(Greet);
await server.start();
