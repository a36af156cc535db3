import { startServices } from '../../support/services/start-services.js';
import { recordWeights } from '../recorded.js';
import { readOptions } from './options.js';
import { canReadMemory } from './process-memory.js';
import { reportOf, tableOf } from './report.js';
import { weighRounds } from './rounds.js';

/** `npm run bench -- --weigh`: what the services weigh, and how soon they are ready. */
const options = readOptions(process.argv.slice(2));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const services = await startServices({ withDatabase: false });
for (const { service, why } of services.missing) console.warn(`without ${service}: ${why}`);
try {
  const rounds = await weighRounds(options, (line) => void process.stderr.write(`${line}\n`));
  const report = reportOf(rounds, canReadMemory());
  process.stdout.write(options.isJson ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
  if (options.isRecord) await recordWeights(report.weights, process.argv.slice(2));
} finally {
  await services.stop();
}
