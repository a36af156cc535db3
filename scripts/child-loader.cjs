// Starts the one-shot handshake process from code that was compiled at the build, because compiling it takes longer than a
// whole handshake. V8 rejects compiled code of another version; then, or if there is none, the code is compiled here.
// `code.js` is all that a waiting process needs; it asks for `handshake.js` when a handshake is near.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

function load(name) {
  const filename = join(__dirname, `${name}.js`);
  const cache = join(__dirname, `${name}.cache`);
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(
    module.exports,
    (id) => (id === './handshake.js' ? load('handshake') : require(id)),
    module,
  );
  return module.exports;
}

load('code');
