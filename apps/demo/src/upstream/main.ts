import { once } from 'node:events';
import type { PieceHashes } from '../search/piece-matcher.js';
import { canReadMemory } from '../search/process-memory.js';
import { searchMemory } from '../search/search.js';
import { createUpstream } from './http-front.js';
import { TokenNames } from './token-names.js';

// An MCP server that requires a bearer token. It knows only hashes of the tokens it accepts.
const host = process.env['HOST'] || '127.0.0.1';
const server = createUpstream(new TokenNames(process.env['DEMO_TOKEN_SHA256'] ?? ''));
server.listen(Number(process.env['DEMO_UPSTREAM_PORT'] || 4900), host);
await once(server, 'listening');
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;
process.send?.({ port });
process.stdout.write(`${JSON.stringify({ service: 'demo-upstream', url: `http://${host}:${port}/mcp` })}\n`);

// The demo asks how much of a token an upstream keeps after it has received it.
process.on('message', (token: PieceHashes) => {
  process.send?.({ found: canReadMemory() ? searchMemory(process.pid, token).copies : undefined });
});

const end = (): void => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
};
for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(signal, end);
