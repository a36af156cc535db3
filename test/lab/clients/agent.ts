import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BRIDGES } from '../../../apps/registry/src/connect/clients/bridges.js';
import { clientOf } from '../../../apps/registry/src/connect/clients/clients.js';
import type { Installation, LabClient, Outcome, ServerEntry, Snippet, Task } from './client.js';
import { quietEnvironment, runCommand } from './run-command.js';

/** How an agent's command line is configured and given one prompt. Paths are relative to its HOME. */
export interface Agent {
  id: string;
  name: string;
  install: Installation;
  note?: string;
  /** The part of its configuration that names MCP servers. */
  mcp(servers: ServerEntry[], secrets: Record<string, string>): Snippet;
  /** All files that it needs, the ones with the MCP servers included. */
  files(task: Task): Record<string, string>;
  /** The program in its packages, and its arguments for this prompt. */
  command(prompt: string, task: Task): [program: string, ...args: string[]];
  env(task: Task): Record<string, string>;
  /** The command that tells how its servers are; run when no call came through. */
  status?: [program: string, ...args: string[]];
}

const PROMPT = 'Call the tools.';
const STATUS_LIMIT_MS = 30_000;

/** Runs an agent with the fake model, which calls the tools of the plan. */
export function agentClient(agent: Agent): LabClient {
  const { id, name, install, note, mcp } = agent;
  return {
    id,
    name,
    install,
    note,
    snippet: (servers) => mcp(servers, {}),
    drive: (task) => converse(agent, task),
  };
}

async function converse(agent: Agent, task: Task): Promise<Outcome> {
  for (const [file, text] of Object.entries(agent.files(task))) await writeInHome(task.home, file, text);
  const play = task.model.play(task.steps);
  const env = { ...quietEnvironment(task.home, task.commands), ...task.secrets, ...agent.env(task) };
  const run = async ([program, ...args]: [string, ...string[]], limitMs?: number): Promise<string> => {
    const command = join(task.packages, 'node_modules/.bin', program);
    const { stdout, stderr } = await runCommand({ command, args, cwd: task.home, env, limitMs });
    return `${stdout}\n${stderr}`;
  };
  const said = await run(agent.command(PROMPT, task));
  const isMute = play.results.every((result) => result === undefined);
  return {
    results: play.results,
    said: isMute && agent.status ? `${said}\n${await run(agent.status, STATUS_LIMIT_MS)}` : said,
  };
}

/** Writes a file below a client's HOME. */
export async function writeInHome(home: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(home, file)), { recursive: true });
  await writeFile(join(home, file), text);
}

/** The configuration of these servers that Lethe gives for a client (`lethe connect`): the lab proves that the client reads it. */
export function connectSnippet(id: string, servers: readonly ServerEntry[]): Snippet {
  const client = clientOf(id);
  if (!client) throw new Error(`lethe connect knows no client ${id}`);
  const entries = servers.map(({ name, url, headers }) => ({
    name,
    url,
    headers: headers.map((header) => ({ ...header, prefix: 'Bearer ', holds: header.variable })),
  }));
  const format = servers.some(({ isBridge }) => isBridge) ? BRIDGES[id] : client;
  if (!format) throw new Error(`lethe connect knows no bridge for ${id}`);
  return { where: client.file, language: client.format, text: format.content(entries) };
}

/** What a JSON configuration says. */
export function jsonOf({ text }: Snippet): object {
  return JSON.parse(text) as object;
}

/** `{ name: settings }` of all servers, as most JSON configurations have it. */
export function byName(servers: ServerEntry[], settings: (server: ServerEntry) => object): Record<string, object> {
  return Object.fromEntries(servers.map((server) => [server.name, settings(server)]));
}

/** A JSON file that has its servers in `mcpServers`, as many clients have one. */
export function mcpServersFile(
  where: string,
  servers: ServerEntry[],
  settings: (server: ServerEntry) => object,
): Snippet {
  return { where, language: 'json', text: jsonText({ mcpServers: byName(servers, settings) }) };
}

/** JSON as a configuration has it. */
export function jsonText(value: object): string {
  return JSON.stringify(value, null, 2);
}
