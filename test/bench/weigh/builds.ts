import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ROOT } from '../../support/processes.js';

/** A checkout that is built. */
export interface Build {
  readonly name: 'now' | 'before';
  readonly root: string;
}

/** The scripts of package.json that start a service. */
export type StartScript = 'start' | 'start:proxy';

/** @param before folder of another checkout */
export function buildsOf(before: string | undefined): Build[] {
  const now: Build = { name: 'now', root: ROOT };
  return before === undefined ? [now] : [now, { name: 'before', root: resolve(before) }];
}

/** The command that a checkout's own npm script ends with. */
export function startCommandOf({ root }: Build, script: StartScript): string[] {
  const { scripts }: { scripts?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return startCommand(scripts?.[script] ?? '', root);
}

/**
 * `env`, the variables that a script sets for node, this node, and what it is given, the program's path absolute.
 * @throws Error where the script starts no program of `dist`
 */
export function startCommand(script: string, root: string): string[] {
  const [, variables = '', rest = ''] = /exec (?:env (.+) )?node (.+)$/.exec(script) ?? [];
  const given = rest.split(' ');
  if (!given.some(isProgram)) throw new Error(`no script that starts a service in ${root}`);
  const program = given.map((argument) => (isProgram(argument) ? join(root, argument) : argument));
  return ['env', ...variables.split(' ').filter(Boolean), process.execPath, ...program];
}

function isProgram(argument: string): boolean {
  return argument.startsWith('dist/');
}
