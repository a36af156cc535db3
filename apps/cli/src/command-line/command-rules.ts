import type { Command } from 'commander';

interface CommandRule {
  check: () => unknown;
  /** Names of the flags that it looks at. */
  about: readonly string[];
}

const RULES = new WeakMap<Command, CommandRule>();

/**
 * Gives a command a rule about several flags together, `about`. `rule` throws a `CliError` where it is broken; it is
 * checked with the rules of the single flags, so that all broken ones are named at once.
 */
export function withRule<T extends object>(
  command: Command,
  rule: (flags: T) => unknown,
  about: readonly (keyof T & string)[],
): Command {
  RULES.set(command, { check: () => rule(command.optsWithGlobals<T>()), about });
  return command;
}

/** Checks the command's own rule, if it has one and it looks at no flag of `unread`: to it these would be absent. */
export function checkRule(command: Command, unread: ReadonlySet<string>): void {
  const rule = RULES.get(command);
  if (rule?.about.some((name) => unread.has(name)) === false) rule.check();
}
