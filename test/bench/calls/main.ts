import { type RatioName, type Ratios, recordRatios } from '../recorded.js';
import { findGenerator, type Generator } from '../load/load.js';
import { Measurement } from './measure.js';
import { CONNECTIONS, type Options, readOptions } from './options.js';
import { profiled } from './profile.js';
import { type Report, reportOf } from './report.js';
import { measureRounds } from './rounds.js';
import type { Row } from './rows.js';
import { type Scene, startScene } from './scene.js';
import { tableOf } from './table.js';

const PROFILE_WARM_UP_SECONDS = 3;
const PROFILE_SECONDS = 5;

const say = (text: string) => void process.stdout.write(`${text}\n`);
/** Where it is now; what is piped on is the report alone. */
const tell = (line: string) => void process.stderr.write(`${line}\n`);

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const options = readOptions(process.argv.slice(2));
const generator = findGenerator();
const scene = await startScene(options.before);
try {
  if (options.profile) await profile(options.profile, scene, generator);
  else await compare(options, scene, generator);
} finally {
  await scene.close();
}

async function compare(wanted: Options, on: Scene, by: Generator): Promise<void> {
  const report = reportOf(await measureRounds(wanted, on, by, tell), wanted, by.name);
  say(wanted.isJson ? JSON.stringify(report, null, 2) : tableOf(report));
  if (wanted.isRecord) await recordRatios(all(report.ratios), process.argv.slice(2));
}

function all(ratios: Report['ratios']): Ratios {
  const each = (name: RatioName): number => {
    const ratio = ratios[name];
    if (ratio === undefined) throw new Error(`nothing is recorded: ${name} was not measured`);
    return ratio;
  };
  return {
    toolsCallLegacy: each('toolsCallLegacy'),
    toolsCallModern: each('toolsCallModern'),
    translated: each('translated'),
    sdkBuilt: each('sdkBuilt'),
    lists: each('lists'),
  };
}

async function profile(row: Row, on: Scene, by: Generator): Promise<void> {
  const measurement = await Measurement.prepare(row, on);
  await measurement.take(by, CONNECTIONS, PROFILE_WARM_UP_SECONDS);
  const lines = await profiled(on.relay(row.relay).child, async () => {
    await measurement.take(by, CONNECTIONS, PROFILE_SECONDS);
  });
  say(lines.join('\n'));
}
