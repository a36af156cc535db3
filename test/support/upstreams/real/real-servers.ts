import { LIBRARY_SERVERS } from './library-servers.js';
import { READY_MADE_SERVERS } from './ready-made-servers.js';
import type { RealServer } from './real-server.js';

/** Real servers as `npm run lab:servers` found them; docs/compatibility-servers.md has what was measured. */
export const REAL_SERVERS: readonly RealServer[] = [...READY_MADE_SERVERS, ...LIBRARY_SERVERS];
