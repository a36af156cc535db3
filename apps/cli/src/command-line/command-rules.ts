import type { Command } from 'commander';

const RULES = new WeakMap<Command, () => unknown>();

/**
 * Gives a command a rule about several flags together. `rule` throws a `CliError` where it is broken; it is checked with
 * the rules of the single flags, so that all broken ones are named at once.
 */
export function withRule<T extends object>(command: Command, rule: (flags: T) => unknown): Command {
  RULES.set(command, () => rule(command.optsWithGlobals<T>()));
  return command;
}

/** Checks the command's own rule, if it has one. */
export function checkRule(command: Command): void {
  RULES.get(command)?.();
}
