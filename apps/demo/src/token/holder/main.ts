import { writeFileSync } from 'node:fs';
import type { TokenFacts } from '../../processes/one-shot.js';
import { mintToken } from '../../search/marked-token.js';

// The control of the search: holds a token of the same form, in memory and in a file, until it is stopped.
const { token, ...facts } = mintToken();
const held = Buffer.from(token);
writeFileSync(process.env['DEMO_CONTROL_FILE'] ?? '', held, { mode: 0o600 });
process.once('disconnect', () => process.exit(held.length > 0 ? 0 : 1));
process.send?.(facts satisfies TokenFacts);
