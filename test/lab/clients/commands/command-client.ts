import { join } from 'node:path';
import type { LabClient, Outcome, ServerEntry, Step, Task } from '../client.js';
import { type Ended, quietEnvironment, runCommand } from '../run-command.js';

type Line = [program: string, ...args: string[]];

/** A client that does one thing per command, without a model. */
export interface CommandLine extends Omit<LabClient, 'drive' | 'prepare'> {
  /** Writes what it reads before its first command. */
  configure(task: Task): Promise<void>;
  /** Commands before the first call of a server. The last one that fails is what the calls show. */
  open(server: ServerEntry, task: Task): Line[];
  call(server: ServerEntry, step: Step, task: Task): Line;
  close?(server: ServerEntry): Line;
}

/** Runs a client command by command. */
export function commandClient(client: CommandLine): LabClient {
  const { id, name, install, note, snippet } = client;
  return { id, name, install, note, snippet, drive: (task) => driveCommands(client, task) };
}

async function driveCommands(client: CommandLine, task: Task): Promise<Outcome> {
  await client.configure(task);
  const results: Outcome['results'] = task.steps.map(() => undefined);
  let said = '';
  const run = async (line: Line): Promise<Ended> => {
    const ended = await runLine(line, task);
    said += `${ended.stdout}\n${ended.stderr}\n`;
    return ended;
  };
  for (const server of task.servers) {
    for (const line of client.open(server, task)) await run(line);
    for (const [index, step] of task.steps.entries()) {
      if (step.server !== server.name) continue;
      const { stdout, stderr } = await run(client.call(server, step, task));
      results[index] = `${stdout}\n${stderr}`.trim();
    }
    if (client.close) await run(client.close(server));
  }
  return { results, said };
}

function runLine([program, ...args]: Line, { packages, home, secrets, commands }: Task): Promise<Ended> {
  return runCommand({
    command: join(packages, 'node_modules/.bin', program),
    args,
    cwd: home,
    env: { ...quietEnvironment(home, commands), ...secrets },
  });
}
