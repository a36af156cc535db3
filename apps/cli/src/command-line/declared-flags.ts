import type { Command, Option } from 'commander';

/** The flags that a command takes, its own and those of the commands above it, and their values. */
export class DeclaredFlags {
  /** Each flag with the command that declares it. */
  private readonly owners = new Map<Option, Command>();
  /** Names from the program down to the command. */
  private readonly path: string[] = [];

  constructor(command: Command) {
    for (let owner: Command | null = command; owner; owner = owner.parent) {
      this.path.unshift(owner.name());
      for (const option of owner.options) this.owners.set(option, owner);
    }
  }

  get all(): Option[] {
    return [...this.owners.keys()];
  }

  /** The command in words, without the program's name. */
  get commandName(): string {
    return this.path.slice(1).join(' ');
  }

  /** The command line that shows the help of this command. */
  get helpCommand(): string {
    return [...this.path, '--help'].join(' ');
  }

  /** The flag that a word of the command line is, with or without `=value`. */
  named(word: string): Option | undefined {
    const [name] = word.split('=');
    return this.all.find(({ short, long }) => name === short || name === long);
  }

  valueOf(option: Option): unknown {
    const value: unknown = this.owners.get(option)?.getOptionValue(option.attributeName());
    return value;
  }

  set(option: Option, value: unknown): void {
    this.owners.get(option)?.setOptionValue(option.attributeName(), value);
  }

  /** Sets the values of absent flags, as the parser does when it parses. */
  setDefaults(): void {
    for (const option of this.all) {
      if (this.valueOf(option) === undefined) this.set(option, option.negate ? true : option.defaultValue);
    }
  }
}

/** How people know a flag. */
export function nameOf({ long, flags }: Option): string {
  return long ?? flags;
}
