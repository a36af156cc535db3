import { runDoorChild } from './door-child.js';
import type { HandshakeCode } from './late-code.js';
import { runSlotChild } from './slot-child.js';

// An error must not show what it was about: standard streams are closed, and only the exit code remains.
process.on('uncaughtException', () => process.exit(70));
process.on('unhandledRejection', () => process.exit(70));

const loadHandshakeCode = (): Promise<HandshakeCode> => import('./handshake-code.js');

if (process.argv[2] === 'door') runDoorChild(loadHandshakeCode);
else void runSlotChild(loadHandshakeCode);
