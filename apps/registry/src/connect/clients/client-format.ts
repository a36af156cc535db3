/** A header that a client sends: its name, and a value that ends in a secret. */
export interface SecretHeader {
  name: string;
  /** What precedes the secret in the value: `Bearer `, `Basic `, or nothing. */
  prefix: string;
  /** The environment variable that holds the secret. */
  variable: string;
  /** What the secret is, in words. */
  holds: string;
}

/** A virtual server as a client's configuration names it. */
export interface ServerEntry {
  /** Its slug, by which the client calls it. */
  name: string;
  url: string;
  headers: readonly SecretHeader[];
}

/** What a variable has to hold before the client starts. */
export interface Variable {
  name: string;
  holds: string;
}

/** The languages of configurations. */
export const FORMATS = ['json', 'yaml', 'toml', 'sh'] as const;

/** How one client is configured. To add a client, add one of these to a table. */
export interface ClientFormat {
  /** What `?client=` names. */
  id: string;
  /** What people call it. */
  name: string;
  /** Where the content belongs. */
  file: string;
  format: (typeof FORMATS)[number];
  /** The part of the file that names these virtual servers, with references in the place of secrets. */
  content(servers: readonly ServerEntry[]): string;
  /** A shell command that writes the same; undefined where the client has none that can. */
  command?(server: ServerEntry): string | undefined;
  /** An address that the client opens, asks its person, and then writes the same; undefined where the client has none. */
  link?(server: ServerEntry): string;
  /** What each variable has to hold, where that is not the secret alone. */
  variables?(server: ServerEntry): Variable[];
  /** What to know about it, above all what it can not keep out of its file. */
  notes: readonly string[];
}

/** `{ name: settings }` of all servers, as most JSON configurations have it. */
export function byName(servers: readonly ServerEntry[], settings: (server: ServerEntry) => object): object {
  return Object.fromEntries(servers.map((server) => [server.name, settings(server)]));
}

/** The headers with this notation of a variable. */
export function headersWith(
  { headers }: ServerEntry,
  notation: (header: SecretHeader) => string,
): Record<string, string> {
  return Object.fromEntries(headers.map((header) => [header.name, `${header.prefix}${notation(header)}`]));
}

/** `${NAME}`, which several clients expand. */
export const braced = ({ variable }: SecretHeader): string => `\${${variable}}`;

/** A note on clients that have no notation for a variable. */
export const SECRETS_IN_FILE =
  'It expands no variables: put the secrets themselves in the place of <...>. They stay in this file: chmod 600 it, and ' +
  'keep it out of backups and repositories.';

/** JSON as people write it. */
export function jsonText(value: object): string {
  return JSON.stringify(value, null, 2);
}

/** Quoted for a shell, which expands nothing in it. */
export function unexpanded(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A command of several lines. */
export function commandLines(...parts: readonly string[]): string {
  return parts.join(' \\\n  ');
}
