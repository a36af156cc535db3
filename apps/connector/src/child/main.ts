import { runDoorChild } from './door-child.js';
import { runSlotChild } from './slot-child.js';

// An error must not show what it was about: standard streams are closed, and only the exit code remains.
process.on('uncaughtException', () => process.exit(70));
process.on('unhandledRejection', () => process.exit(70));

if (process.argv[2] === 'door') runDoorChild();
else void runSlotChild();
