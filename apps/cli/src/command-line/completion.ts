import type { Command } from 'commander';

/** The shells that completion is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
/** A shell. */
export type Shell = (typeof SHELLS)[number];

/** What may follow a command: the names below it, and its flags. */
interface Choices {
  /** The command in words, without the program's name; empty for the program itself. */
  path: string;
  words: { word: string; description: string }[];
}

/** A script that completes the commands and flags of `program` in a shell. */
export function completionScript(program: Command, shell: Shell): string {
  const choices = choicesOf(program, []);
  const name = program.name();
  if (shell === 'bash') return bashScript(name, choices);
  return shell === 'zsh' ? zshScript(name, choices) : fishScript(name, choices);
}

function choicesOf(command: Command, path: readonly string[]): Choices[] {
  const own: Command['options'][number][] = [];
  for (let owner: Command | null = command; owner; owner = owner.parent) own.push(...owner.options);
  const words = [
    ...command.commands.map((below) => ({ word: below.name(), description: below.description() })),
    ...own.flatMap(({ long, description }) => (long ? [{ word: long, description }] : [])),
  ];
  return [
    { path: path.join(' '), words },
    ...command.commands.flatMap((below) => choicesOf(below, [...path, below.name()])),
  ];
}

function bashScript(name: string, choices: readonly Choices[]): string {
  return [
    `# To use it: source <(${name} completion bash)`,
    `_${name}() {`,
    '  local path="" word',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$path $word" in',
    ...choices.filter(({ path }) => path !== '').map(({ path }) => `      "${parentOf(path)}") path="${path}" ;;`),
    '    esac',
    '  done',
    '  case "$path" in',
    ...choices.map(
      ({ path, words }) =>
        `    "${path}") COMPREPLY=($(compgen -W "${words.map(({ word }) => word).join(' ')}" -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`,
    ),
    '  esac',
    '}',
    `complete -o default -F _${name} ${name}`,
  ].join('\n');
}

/** What the path is when the last word of a longer path arrives. */
function parentOf(path: string): string {
  const words = path.split(' ');
  return `${words.slice(0, -1).join(' ')} ${words.at(-1) ?? ''}`;
}

function zshScript(name: string, choices: readonly Choices[]): string {
  return [
    `#compdef ${name}`,
    `# To use it: source <(${name} completion zsh)`,
    `_${name}() {`,
    '  local seen="" word',
    '  for word in "${words[@]:1:CURRENT-2}"; do',
    '    case "$seen $word" in',
    ...choices.filter(({ path }) => path !== '').map(({ path }) => `      "${parentOf(path)}") seen="${path}" ;;`),
    '    esac',
    '  done',
    '  local -a choices',
    '  case "$seen" in',
    ...choices.map(
      ({ path, words }) =>
        `    "${path}") choices=(${words.map(({ word, description }) => quoted(`${word}:${plain(description)}`)).join(' ')}) ;;`,
    ),
    '  esac',
    `  _describe '${name}' choices || _files`,
    '}',
    `compdef _${name} ${name}`,
  ].join('\n');
}

function fishScript(name: string, choices: readonly Choices[]): string {
  const lines = choices.flatMap(({ path, words }) => {
    const below = choices.filter((other) => parentPath(other.path) === path && other.path !== '');
    const condition = conditionOf(path, below.map(lastWord));
    return words.map(({ word, description }) => {
      const shown = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c ${name} -n ${quoted(condition)} ${shown} -d ${quoted(plain(description))}`;
    });
  });
  return [`# To use it: ${name} completion fish | source`, ...lines].join('\n');
}

function conditionOf(path: string, below: readonly string[]): string {
  if (path === '') return '__fish_use_subcommand';
  const seen = path
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
  return below.length === 0 ? seen : `${seen}; and not __fish_seen_subcommand_from ${below.join(' ')}`;
}

function parentPath(path: string): string {
  return path.split(' ').slice(0, -1).join(' ');
}

function lastWord({ path }: Choices): string {
  return path.split(' ').at(-1) ?? '';
}

/** Without what a shell or a completion system reads. */
function plain(text: string): string {
  return text.replace(/[^\w ,.;()-]/g, '');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
