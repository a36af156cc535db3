// Starts the one-shot handshake process from code that was compiled at the build, because compiling it takes longer than a
// whole handshake. V8 rejects compiled code of another version; then, or if there is none, the code is compiled here.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'code.js');
const cache = join(__dirname, 'code.cache');
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(exports, require, module);
