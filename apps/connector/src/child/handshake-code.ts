/** What only a handshake needs: nearly all of the code. The build writes it to a file of its own, which a process loads later. */
export { discoverOAuth } from '../discovery/oauth-discovery.js';
export { runHandshake } from '../handshake/handshake.js';
export { HANDSHAKE_WARM_UPS } from './handshake-warm-ups.js';
