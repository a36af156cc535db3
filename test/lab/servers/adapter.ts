import type { Questions } from '../../support/real-servers/observe.js';

/** Where one server runs. */
export interface Place {
  /** What was installed; programs of the lab lie here too. */
  folder: string;
  port: number;
}

/** How a server process is started. */
export interface StartCommand {
  /** `node` for the Node.js of the install; a path of the folder otherwise. */
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** One real server of the lab: what is installed, how it starts, and what is asked of it. */
export interface ServerAdapter {
  /** Package and version, as the table names them. */
  name: string;
  version: string;
  /** What is installed from npm, with exact versions; nothing for servers of other languages. */
  packages?: Readonly<Record<string, string>>;
  /** A file of `programs/` that is put into the folder. */
  program?: string;
  /** Prepares the folder in another way; `run` carries out a command there. */
  prepare?(run: (command: string, args: readonly string[]) => Promise<void>): Promise<void>;
  start(place: Place): StartCommand;
  /** A server that must run before this one; its URL is passed on as `TARGET`. */
  behind?: ServerAdapter;
  /** Of the MCP endpoint; `/mcp` if it is not said. */
  path?: string;
  /** A bearer token that the server itself asks for. */
  token?: string;
  questions: Questions;
}

/** What is asked of the servers that the lab itself writes with a library. */
export const LAB_QUESTIONS = {
  call: { tool: 'echo', arguments: { text: 'over the river' } },
  read: { uri: 'note://one' },
  prompt: { prompt: 'greet', arguments: { who: 'you' } },
  state: [{ tool: 'count' }, { tool: 'count' }],
  ask: { tool: 'ask' },
} as const satisfies Questions;
