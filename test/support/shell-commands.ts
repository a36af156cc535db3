import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The commands that `lethe serve` prints for people to paste. */
export interface PrintedCommands {
  curl: string;
  claude: string;
}

/** Cuts the commands out of what was printed. A command ends where no line continues it. */
export function printedCommands(output: string): PrintedCommands {
  const commandAt = (start: RegExp): string => {
    const from = output.slice(output.search(start));
    return /^(?:.*\\\n)*.*$/m.exec(from)?.[0] ?? '';
  };
  return { curl: commandAt(/^curl /m), claude: commandAt(/^claude /m) };
}

/** The printed first call, as a call of the tool `echo`. */
export function asEchoCall(curl: string): string {
  return curl
    .replaceAll('tools/list', 'tools/call')
    .replace(" -H 'Mcp-Method", " -H 'Mcp-Name: echo' -H 'Mcp-Method")
    .replace('"params":{', '"params":{"name":"echo","arguments":{"text":"hello"},');
}

/** The same command without one of its headers. */
export function without(curl: string, header: string): string {
  return curl
    .split('\n')
    .filter((line) => !line.startsWith(`  -H "${header}:`))
    .join('\n');
}

/** What a command prints in a shell with these variables and no others. */
export async function inShell(command: string, variables: Record<string, string>): Promise<string> {
  const env = { PATH: process.env['PATH'] ?? '', ...variables };
  return (await run('/bin/sh', ['-c', command], { env })).stdout;
}

/** The arguments that a shell gives to a program in this command. */
export async function argumentsInShell(command: string, program: string): Promise<string[]> {
  const output = await inShell(`${program}() { printf '%s\\n' "$@"; }\n${command}`, {});
  return output.trimEnd().split('\n');
}
