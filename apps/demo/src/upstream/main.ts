import { once } from 'node:events';
import type { PieceHashes } from '../search/piece-matcher.js';
import { canReadMemory } from '../search/process-memory.js';
import { searchMemory } from '../search/search.js';
import { createUpstream } from './http-front.js';
import { TokenNames } from './token-names.js';

// An MCP server that demands a bearer token; it is told hashes of the tokens it knows.
const host = process.env['HOST'] || '127.0.0.1';
const server = createUpstream(new TokenNames(process.env['DEMO_TOKEN_SHA256'] ?? ''));
server.listen(Number(process.env['DEMO_UPSTREAM_PORT'] || 4900), host);
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;
process.send?.({ port });
process.stdout.write(`${JSON.stringify({ service: 'demo-upstream', url: `http://${host}:${port}/mcp` })}\n`);

// Asked by the demo: what did an upstream keep of a token that it was shown?
process.on('message', (token: PieceHashes) => {
  process.send?.({ found: canReadMemory() ? searchMemory(process.pid, token).copies : undefined });
});

const end = (): void => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, end);
