import type { FakeModel } from './model/fake-model.js';

/** A header that a client sends: `Bearer ` and the value of this variable of its environment. */
export interface BearerHeader {
  name: string;
  variable: string;
}

/** One MCP server in a client's configuration. */
export interface ServerEntry {
  name: string;
  url: string;
  headers: BearerHeader[];
  /** The client starts `lethe bridge`, which sends what the variables hold. */
  isBridge?: boolean;
}

/** One tool call that a client is to make, and what its result says if all went well. */
export interface Step {
  server: string;
  tool: string;
  arguments: Record<string, string | number>;
  expected: RegExp;
}

/** What a client is to do in one run. */
export interface Task {
  servers: ServerEntry[];
  steps: Step[];
  /** The variables that the headers name. */
  secrets: Record<string, string>;
  /** An empty folder that is the client's HOME and working folder. */
  home: string;
  /** Where its packages are installed. */
  packages: string;
  /** The folder with the `lethe` command, where a client is to find it. */
  commands?: string | undefined;
  model: FakeModel;
}

/** What came of a run. */
export interface Outcome {
  /** What the client got for each step, errors included; undefined if the call was never made. */
  results: (string | undefined)[];
  /** What it printed. */
  said: string;
}

/** A part of a configuration, as the page shows it. */
export interface Snippet {
  /** The file, or the shell. */
  where: string;
  language: 'json' | 'toml' | 'yaml' | 'sh';
  text: string;
}

/** A real client: what to install, how to configure it, and how to run it. Each has one file. */
export interface LabClient {
  /** Its folder in the lab, and its name for `--only`. */
  id: string;
  name: string;
  /** What is installed; the first package is the client. */
  install: Installation;
  /** The configuration of these servers, as the client is really given it. */
  snippet?(servers: ServerEntry[]): Snippet;
  /** For a library instead: the file of this repository that connects. */
  source?: string;
  /** What the person who writes that configuration should know. */
  note?: string;
  /** After the packages are installed in this folder. */
  prepare?(packages: string): Promise<void>;
  drive(task: Task): Promise<Outcome>;
}

/** Pinned packages of one package manager. */
export interface Installation {
  by: 'npm' | 'pip' | 'go';
  packages: Record<string, string>;
}

/** `Bearer ` and the variable in the client's own notation. */
export function headersOf(server: ServerEntry, expand: (variable: string) => string): Record<string, string> {
  return Object.fromEntries(server.headers.map(({ name, variable }) => [name, `Bearer ${expand(variable)}`]));
}

/** The same with the values themselves, for clients that expand no variables. */
export function literalHeaders(server: ServerEntry, secrets: Record<string, string>): Record<string, string> {
  return headersOf(server, (variable) => secrets[variable] ?? `$${variable}`);
}
