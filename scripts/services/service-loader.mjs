// Starts a service from main.cjs beside it. Compiling that takes longer than anything else at the start, so the build has stored
// the compiled code of what a start needs. Code of another Node.js or platform has another name, and V8 rejects what it can't
// use: then it compiles, as it does without the file.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const bundle = new URL('main.cjs', import.meta.url);
const filename = fileURLToPath(bundle);
const cache = `${filename}.${process.version}-${process.arch}`;

/** Neither the text nor the compiled code is referred to afterwards: together they are many megabytes. */
function compile() {
  const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
  return new Script(readFileSync(filename, 'latin1'), { filename, cachedData }).runInThisContext();
}

const module = { exports: {} };
compile()(createRequire(bundle), module, module.exports, bundle.href);
