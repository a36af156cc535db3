import { parseArgs } from 'node:util';
import { VALUES_SETS } from '../../support/kubernetes/chart.js';
import { ApiServer } from './api-server.js';
import { followPage } from './documented.js';
import { defineKinds, installSet } from './install.js';
import { seedMistakes } from './mistakes.js';
import { writeOpenApi } from './open-api.js';
import { renderAll } from './render.js';
import { bringTools } from './tools.js';

// npm run lab:kubernetes -- [--render]
const { values } = parseArgs({ options: { render: { type: 'boolean' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tools = bringTools(values.render ? 'helm' : 'all');
renderAll(tools, say);
if (!values.render) {
  const server = await ApiServer.start(tools);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void server.stop().finally(() => process.exit(1)));
  }
  try {
    const { gitVersion } = await server.get<{ gitVersion: string }>('/version');
    say(`kube-apiserver ${gitVersion}, namespaces with pod security "restricted"`);
    await defineKinds(server, tools);
    for (const set of VALUES_SETS) await installSet(server, tools, set, say);
    followPage(server, tools, say);
    await seedMistakes(server, tools, say);
    say(`\nThe fixture of the API server's schemas has ${Math.ceil((await writeOpenApi(server)) / 1024)} KiB`);
  } finally {
    await server.stop();
  }
}
