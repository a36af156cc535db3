// Starts the one-shot handshake process from code that was compiled when it was built: compiling it anew takes longer than
// a whole handshake. V8 refuses compiled code of another version of itself; then it is compiled here, and only slower.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, 'code.js');
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  cachedData: readFileSync(join(__dirname, 'code.cache')),
});
script.runInThisContext()(exports, require, module);
