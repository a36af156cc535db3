import { runDoorChild } from './door-child.js';
import { runSlotChild } from './slot-child.js';

// Nothing that is thrown here may say what it was about: stdio is closed, and the exit code is all there is.
process.on('uncaughtException', () => process.exit(70));
process.on('unhandledRejection', () => process.exit(70));

if (process.argv[2] === 'door') runDoorChild();
else void runSlotChild();
