import type { LabClient } from '../client.js';
import { libraryClient } from './library.js';

/** Libraries that the lab drives: name, pinned packages, and the file that connects. */
export const LIBRARIES: LabClient[] = [
  libraryClient({
    id: 'client',
    name: '@modelcontextprotocol/client, `mode: "auto"`',
    install: { by: 'npm', packages: { '@modelcontextprotocol/client': '2.4.0' } },
    driver: 'client.mjs',
  }),
  libraryClient({
    id: 'sdk',
    name: '@modelcontextprotocol/sdk',
    install: { by: 'npm', packages: { '@modelcontextprotocol/sdk': '1.32.2' } },
    driver: 'sdk.mjs',
  }),
  libraryClient({
    id: 'ai-sdk',
    name: 'AI SDK',
    install: { by: 'npm', packages: { '@ai-sdk/mcp': '2.0.99' } },
    driver: 'ai-sdk.mjs',
  }),
  libraryClient({
    id: 'langchain',
    name: 'LangChain',
    install: { by: 'npm', packages: { '@langchain/mcp-adapters': '1.1.4', '@langchain/core': '1.4.0' } },
    driver: 'langchain.mjs',
  }),
  libraryClient({
    id: 'mastra',
    name: 'Mastra',
    install: { by: 'npm', packages: { '@mastra/mcp': '2.0.0', '@mastra/core': '1.71.0' } },
    driver: 'mastra.mjs',
  }),
  libraryClient({
    id: 'openai-agents',
    name: 'OpenAI Agents',
    install: { by: 'npm', packages: { '@openai/agents': '0.20.0', zod: '4.6.7' } },
    driver: 'openai-agents.mjs',
  }),
  libraryClient({
    id: 'genkit',
    name: 'Genkit',
    install: { by: 'npm', packages: { '@genkit-ai/mcp': '1.42.0', genkit: '1.42.0' } },
    driver: 'genkit.mjs',
  }),
  libraryClient({
    id: 'python-sdk',
    name: 'Python SDK',
    install: { by: 'pip', packages: { mcp: '2.3.0' } },
    driver: 'python-sdk.py',
  }),
  libraryClient({
    id: 'go-sdk',
    name: 'Go SDK',
    install: { by: 'go', packages: { 'github.com/modelcontextprotocol/go-sdk': '1.8.0' } },
    driver: 'go-sdk.go',
  }),
];
