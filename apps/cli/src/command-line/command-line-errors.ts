import { type Argument, type Command, InvalidArgumentError, type Option } from 'commander';
import { nearestWord } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { checkRule } from './command-rules.js';
import { DeclaredFlags, nameOf } from './declared-flags.js';

const HELP_FLAGS = ['-h', '--help'];
const VERSION_FLAGS = ['-V', '--version'];

/**
 * Every rule of `program` that the command line breaks. The parser itself stops at the first one, and quotes what was
 * typed, which may be a secret: these texts consist of the program's own words. The check writes values into `program`,
 * which must not run afterwards.
 */
export function commandLineErrors(program: Command, argv: readonly string[]): CliError[] {
  return new CommandLine(program, argv).check();
}

class CommandLine {
  private readonly errors: CliError[] = [];
  private readonly operands: string[] = [];
  /** Flags that were given, correctly or not. */
  private readonly given = new Set<Option>();
  /** Whether words are left that may be the value of an unknown flag. */
  private hasStrayWords = false;
  /** Names of the flags that were given without a value that they take. */
  private readonly unread = new Set<string>();
  private command: Command;
  private flags: DeclaredFlags;
  private at = 0;

  constructor(
    program: Command,
    private readonly argv: readonly string[],
  ) {
    this.command = program;
    this.flags = new DeclaredFlags(program);
  }

  check(): CliError[] {
    const asksForHelp = this.hasFlag(HELP_FLAGS);
    while (this.at < this.argv.length) {
      if (!this.readWord()) return this.errors;
    }
    if (asksForHelp || this.hasFlag(VERSION_FLAGS)) return [];
    // Without a subcommand the help is shown.
    if (this.command.commands.length > 0) return this.errors;
    this.checkArguments();
    this.checkRequiredFlags();
    this.flags.setDefaults();
    this.collect(() => checkRule(this.command, this.unread));
    return this.errors;
  }

  private hasFlag(flags: readonly string[]): boolean {
    return this.argv.some((word) => flags.includes(word));
  }

  /** Reads one word, with the values of a flag. False when the rest can't be judged. */
  private readWord(): boolean {
    const word = this.argv[this.at] ?? '';
    this.at += 1;
    if (word === '--') {
      this.operands.push(...this.argv.slice(this.at));
      this.at = this.argv.length;
    } else if (looksLikeFlag(word)) this.readFlag(word);
    else return this.readOperand(word);
    return true;
  }

  private readOperand(word: string): boolean {
    const { commands } = this.command;
    if (commands.length === 0) {
      this.operands.push(word);
      return true;
    }
    const found = commands.find((command) => command.name() === word || command.aliases().includes(word));
    if (found) {
      this.command = found;
      this.flags = new DeclaredFlags(found);
    } else this.report(`Unknown command${nearestOf(word, namesOf(commands))}`);
    return found !== undefined;
  }

  private readFlag(word: string): void {
    const [name = '', ...inline] = word.split('=');
    if ([...HELP_FLAGS, ...VERSION_FLAGS].includes(name)) return;
    const option = this.flags.named(name);
    if (option === undefined) {
      this.reportUnknownFlag(name, inline.length > 0);
      return;
    }
    this.given.add(option);
    const isInline = inline.length > 0;
    if (!option.required) {
      if (isInline) this.report(`${nameOf(option)} takes no value`);
      else this.flags.set(option, !option.negate);
      return;
    }
    const values = isInline ? [inline.join('=')] : this.valuesOf(option);
    if (values.length === 0) {
      this.unread.add(option.attributeName());
      this.report(`${nameOf(option)} needs a value: ${option.flags}`);
    }
    for (const value of values) this.readValue(option, value);
  }

  /** The words after a flag that are its values. A known flag is none: its value was forgotten. */
  private valuesOf(option: Option): string[] {
    const start = this.at;
    const first = this.argv[start];
    if (first === undefined || this.flags.named(first) !== undefined) return [];
    this.at += 1;
    while (option.variadic && this.at < this.argv.length && !looksLikeFlag(this.argv[this.at] ?? '')) this.at += 1;
    return this.argv.slice(start, this.at);
  }

  private readValue(option: Option, text: string): void {
    const { argChoices, parseArg } = option;
    const earlier = this.flags.valueOf(option);
    if (argChoices !== undefined && !argChoices.includes(text)) {
      this.report(`${nameOf(option)} takes one of: ${argChoices.join(', ')}`);
    } else {
      const parse = (): unknown => (argChoices === undefined && parseArg ? parseArg(text, earlier) : text);
      const isRead = this.collect(() => this.flags.set(option, parse()), nameOf(option));
      if (!isRead) this.unread.add(option.attributeName());
    }
  }

  /** Reads it as the known flag that was probably meant, so that it causes no further errors. */
  private reportUnknownFlag(name: string, isInline: boolean): void {
    // Without the dashes, which would make short names look alike.
    const options = this.flags.all;
    const bare = (flag: string): string => flag.replace(/^-+/, '');
    const near = nearestWord(
      bare(name),
      options.map((option) => bare(nameOf(option))),
    );
    const meant = options.find((option) => bare(nameOf(option)) === near);
    this.report(
      `Unknown flag (word ${this.at} after lethe)${meant === undefined ? '' : `; did you mean ${nameOf(meant)}?`}`,
    );
    if (meant === undefined) {
      this.hasStrayWords = true;
      return;
    }
    this.given.add(meant);
    if (!meant.required) this.flags.set(meant, !meant.negate);
    else {
      this.unread.add(meant.attributeName());
      if (!isInline) this.valuesOf(meant);
    }
  }

  private checkArguments(): void {
    const expected = this.command.registeredArguments;
    for (const [index, argument] of expected.entries()) {
      const texts = this.operands.slice(index, argument.variadic ? undefined : index + 1);
      for (const text of texts) this.checkArgument(argument, text);
      if (texts.length === 0 && argument.required)
        this.report(`${shown(argument)} is required for ${this.flags.commandName}`);
    }
    const isOpenEnded = expected.at(-1)?.variadic === true;
    const extra = isOpenEnded ? 0 : this.operands.length - expected.length;
    if (extra <= 0 || this.hasStrayWords) return;
    const takes = expected.length === 0 ? 'takes no arguments' : `takes only ${expected.map(shown).join(' ')}`;
    this.report(
      `Too many arguments: ${this.flags.commandName} ${takes}, and there ${extra === 1 ? 'is 1' : `are ${extra}`} more`,
    );
  }

  private checkArgument(argument: Argument, text: string): void {
    const { argChoices, parseArg } = argument;
    if (argChoices !== undefined && !argChoices.includes(text)) {
      this.report(`${shown(argument)} is one of: ${argChoices.join(', ')}`);
    } else if (argChoices === undefined && parseArg) this.collect(() => parseArg(text, undefined), shown(argument));
  }

  private checkRequiredFlags(): void {
    for (const option of this.flags.all) {
      if (option.mandatory && !this.given.has(option)) {
        this.report(`${nameOf(option)} is required for ${this.flags.commandName}`);
      }
    }
  }

  /** False when the work has failed. */
  private collect(work: () => unknown, name = 'A flag'): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (error instanceof CliError) this.errors.push(error);
      else if (error instanceof InvalidArgumentError) this.report(`${name} has a value that it does not take`);
      else throw error;
      return false;
    }
  }

  private report(message: string): void {
    this.errors.push(
      new CliError('usage', 'command_line', message, [`To see what is allowed: ${this.flags.helpCommand}`]),
    );
  }
}

function looksLikeFlag(word: string): boolean {
  return word.length > 1 && word.startsWith('-');
}

function namesOf(commands: readonly Command[]): string[] {
  return commands.map((command) => command.name());
}

function nearestOf(typed: string, known: readonly string[]): string {
  const near = nearestWord(typed, known);
  return near === undefined ? `; there are: ${known.join(', ')}` : `; did you mean ${near}?`;
}

function shown(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}
