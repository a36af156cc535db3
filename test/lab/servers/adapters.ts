import type { ServerAdapter } from './adapter.js';
import { azure } from './adapters/azure.js';
import { context7 } from './adapters/context7.js';
import { dbhub } from './adapters/dbhub.js';
import { fastmcp } from './adapters/fastmcp.js';
import { fastmcpProxy } from './adapters/fastmcp-proxy.js';
import { fastmcpPython } from './adapters/fastmcp-python.js';
import { goSdk } from './adapters/go-sdk.js';
import { honoMcp } from './adapters/hono-mcp.js';
import { mastra } from './adapters/mastra.js';
import { mcpFramework } from './adapters/mcp-framework.js';
import { mcpHandler } from './adapters/mcp-handler.js';
import { mcpProxy } from './adapters/mcp-proxy.js';
import { mongodb } from './adapters/mongodb.js';
import { notion } from './adapters/notion.js';
import { playwrightMcp } from './adapters/playwright-mcp.js';
import { serverEverything } from './adapters/server-everything.js';
import { serverMap } from './adapters/server-map.js';
import { serverPdf } from './adapters/server-pdf.js';
import { supergateway } from './adapters/supergateway.js';
import { tmcp } from './adapters/tmcp.js';

/** Every server of the lab, in the order of its page. */
export const ADAPTERS: readonly ServerAdapter[] = [
  serverEverything,
  fastmcp,
  mcpFramework,
  honoMcp,
  tmcp,
  supergateway,
  mcpProxy,
  playwrightMcp,
  context7,
  notion,
  serverPdf,
  serverMap,
  dbhub,
  mongodb,
  mastra,
  mcpHandler,
  azure,
  goSdk,
  fastmcpPython,
  fastmcpProxy,
];
