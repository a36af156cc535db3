import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@lethe/mcp';
import { isAlive } from '@lethe/platform';
import * as z from 'zod/mini';
import { CliError } from '../errors/cli.error.js';
import type { CliSettings } from '../settings/cli-settings.config.js';

/** The addresses of a Lethe that runs with the data directory of the settings. */
export interface HomeRuntime {
  registryUrl: string;
  proxyUrl?: string | undefined;
}

/** `runtime.json` of `npm start`, and `runtime-registry.json` of a registry that runs alone. */
const FILES = [
  {
    name: 'runtime.json',
    form: z.looseObject({
      registryUrl: z.string(),
      proxyUrl: z.optional(z.string()),
      pids: z.catch(z.optional(z.array(z.number())), undefined),
    }),
  },
  {
    name: 'runtime-registry.json',
    form: z.pipe(
      z.looseObject({ url: z.string(), pid: z.optional(z.number()) }),
      z.transform(({ url, pid }) => ({
        registryUrl: url,
        proxyUrl: undefined,
        pids: pid === undefined ? undefined : [pid],
      })),
    ),
  },
];

/**
 * Reads what runs with the data directory; undefined when nothing does. A file of a Lethe that has ended does not count:
 * another process may have its port by now, and would get the administrator's token.
 * @throws CliError `runtime_malformed`
 */
export async function readHomeRuntime({ home }: CliSettings): Promise<HomeRuntime | undefined> {
  for (const { name, form } of FILES) {
    const text = await readFile(join(home, name), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const { data } = form.safeParse(parseJson(text));
    if (data === undefined) throw new CliError('usage', 'runtime_malformed', `${join(home, name)} is malformed`);
    if (data.pids === undefined || data.pids.some(isAlive)) return data;
  }
  return undefined;
}
