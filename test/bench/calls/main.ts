import { parseArgs } from 'node:util';
import { findGenerator } from './load.js';
import { Measurement } from './measure.js';
import { profiled } from './profile.js';
import { ROWS } from './rows.js';
import { startScene } from './scene.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1.5' },
    profile: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const generator = findGenerator();
const scene = await startScene();
try {
  const measurements = await Promise.all(ROWS.map((row) => Measurement.prepare(row, scene)));
  const only = values.profile;
  if (only !== undefined) {
    const measurement = measurements.find(({ row }) => row.name === only);
    if (!measurement) throw new Error(`no such row: ${only}`);
    await measurement.take(generator, 32, 3);
    const lines = await profiled(scene.relays[measurement.row.relay].child, async () => {
      await measurement.take(generator, 32, 5);
    });
    process.stdout.write(`${lines.join('\n')}\n`);
  } else {
    for (let round = 0; round <= Number(values.rounds); round++) {
      for (const m of measurements) {
        const s = await m.take(generator, 32, seconds);
        process.stdout.write(`${round} ${m.row.name} ${JSON.stringify(s)}\n`);
      }
    }
  }
} finally {
  await scene.close();
}
