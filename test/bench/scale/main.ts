import { parseArgs } from 'node:util';
import { startServices } from '../../support/services/start-services.js';
import { asTable, type Measure } from './report.js';
import { measurePublish } from './publish.js';
import { measureRegistrations } from './registrations.js';
import { measureRoutes } from './routes.js';
import { measureSizing } from './sizing.js';
import { measureStreams } from './streams.js';
import { measureWeight } from './weight.js';

const PARTS = {
  routes: measureRoutes,
  publish: measurePublish,
  streams: measureStreams,
  registrations: measureRegistrations,
  sizing: measureSizing,
  weight: measureWeight,
} satisfies Record<string, (isQuick: boolean) => Promise<Measure[]>>;

/** `npm run bench:scale -- [--part routes|publish|streams|registrations|sizing|weight]... [--quick] [--json]` */
const { values } = parseArgs({
  options: {
    part: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const wanted = values.part ?? Object.keys(PARTS);
const unknown = wanted.filter((part) => !(part in PARTS));
if (unknown.length > 0) throw new Error(`--part is one of ${Object.keys(PARTS).join(', ')}`);
const measures: Measure[] = [];
const services = await startServices();
for (const { service, why } of services.missing) console.warn(`without ${service}: ${why}`);
try {
  for (const [part, measure] of Object.entries(PARTS)) {
    if (wanted.includes(part)) measures.push(...(await measure(values.quick)));
  }
} finally {
  await services.stop();
}
console.log(values.json ? JSON.stringify(measures, null, 2) : asTable(measures));
