// Starts the one-shot handshake process from code that was compiled when it was built: compiling it anew takes longer than
// a whole handshake. V8 refuses compiled code of another version of itself; then, and where there is none, it is compiled
// here, and only slower.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'code.js');
const cache = join(__dirname, 'code.cache');
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
script.runInThisContext()(exports, require, module);
