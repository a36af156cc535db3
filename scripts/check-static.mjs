// Runs the checks that need no test, as many at a time as there are cores, and shows what each said when it has ended.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The longest first. */
const left = ['lint', 'types', 'format', 'boundaries', 'compose'];

async function run(name) {
  let said = '';
  const check = spawn('npm', ['run', `check:${name}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [check.stdout, check.stderr]) stream.on('data', (data) => (said += data));
  const code = await new Promise((resolve) => check.once('close', resolve));
  console.log(said.trim());
  if (code !== 0) process.exitCode = 1;
}

async function runNext() {
  for (let name = left.shift(); name !== undefined; name = left.shift()) await run(name);
}

await Promise.all(Array.from({ length: availableParallelism() }, runNext));
