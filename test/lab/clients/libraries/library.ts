import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { headersOf, type Installation, type LabClient, type Outcome, type Task } from '../client.js';
import { goEnvironment, runToEnd } from '../install.js';
import { type Ended, quietEnvironment, runCommand } from '../run-command.js';

const here = dirname(fileURLToPath(import.meta.url));

/** A library, driven by a small program beside this file that runs where the library is installed. */
export interface Library {
  id: string;
  name: string;
  install: Installation;
  note?: string;
  /** The file beside this one that shows how to connect. */
  driver: string;
}

/** Runs a library by its driver. */
export function libraryClient({ driver, ...described }: Library): LabClient {
  const { by } = described.install;
  return {
    ...described,
    source: `test/lab/clients/libraries/${driver}`,
    prepare: async (packages) => {
      for (const file of [driver, 'run.mjs']) await copyFile(join(here, file), join(packages, file));
      if (by === 'go')
        await runToEnd({
          command: 'go',
          args: ['build', '-o', PROGRAM, driver],
          cwd: packages,
          env: goEnvironment(packages),
        });
    },
    drive: async (task) => {
      const [command, ...args] = START[by](driver, task);
      const env = quietEnvironment(task.home);
      return outcomeOf(await runCommand({ command, args, cwd: task.packages, env }), task);
    },
  };
}

/** What the Go driver is compiled to. */
const PROGRAM = 'lab-driver';

type Start = [program: string, ...args: string[]];

const START: Record<Installation['by'], (driver: string, task: Task) => Start> = {
  npm: (driver, task) => [process.execPath, 'run.mjs', `./${driver}`, given(task)],
  pip: (driver, task) => [join(task.packages, 'venv/bin/python'), driver, given(task)],
  go: (_driver, task) => [join(task.packages, PROGRAM), given(task)],
};

/** Servers with the values of their headers, and steps. */
function given({ servers, steps, secrets }: Task): string {
  const withValues = servers.map((server) => ({
    ...server,
    headers: headersOf(server, (variable) => secrets[variable] ?? ''),
  }));
  return JSON.stringify({ servers: withValues, steps });
}

/** The last line that a driver prints has the results. */
function outcomeOf({ stdout, stderr }: Ended, { steps }: Task): Outcome {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  const printed: unknown = last.startsWith('[') ? JSON.parse(last) : [];
  const results = Array.isArray(printed) ? printed : [];
  return {
    results: steps.map((_, index) => (typeof results[index] === 'string' ? results[index] : undefined)),
    said: `${stdout.slice(0, stdout.lastIndexOf(last))}\n${stderr}`,
  };
}
