import { PassThrough } from 'node:stream';
import type { Command, Option } from 'commander';
import { format } from 'prettier';
import { EXIT_CODES } from '../../apps/cli/src/errors/cli.error.js';
import { makeProgram } from '../../apps/cli/src/program.js';
import { readCliSettings } from '../../apps/cli/src/settings/cli-settings.config.js';

const HEAD = `# The lethe command

Every command and flag. This page is generated from the program and from \`test/support/cli-page.ts\`;
\`npx vitest run test/architecture/cli-page.spec.ts -u\` writes it again. \`lethe <command> --help\` prints the same.

From a checkout, \`npm run -s lethe -- <command>\` runs it.

## Which registry, and what is sent there

The registry is the one of \`--url\`, else of \`LETHE_URL\`, else the one that runs with the data directory (\`LETHE_HOME\`, or
\`.lethe\` here). The administrator token is that of \`--token-file\`, else of \`LETHE_TOKEN\`; the one in the data directory goes
to the registry of that directory alone. No credential is taken from the command line: it is asked for, or read from standard
input, sealed on this machine, and sent to the one process that can open it.

Results go to standard output, everything else to standard error. With \`--json\`, every command prints its result as JSON, and
a failure as \`{ "error": { "code", "message", "notes" } }\` to standard error. A misspelt command, flag or name is answered with
the one that was probably meant.

## From a URL to a call

\`\`\`sh
# What answers there, and what is needed to add it
lethe probe https://mcp.example.com/mcp
\`\`\`

\`\`\`sh
# Register it with its credential, which is asked for, used once and forgotten; then serve it
lethe add https://mcp.example.com/mcp --name Tracker --bearer
lethe serve Team --from tracker
\`\`\`

\`\`\`sh
# Configure a client; what is printed to standard output can be piped into its file
lethe connect team --client claude-code
\`\`\`

\`\`\`sh
# Call a tool as a client does: with the variables that connect names
export LETHE_KEY=<key> TRACKER_TOKEN=<your own token>
lethe call team echo '{"text": "hello"}'
\`\`\`

\`\`\`sh
# Which headers a call needs, where each goes, and why it would be refused
lethe explain team echo --key-id <id of a key>
\`\`\`

\`\`\`sh
# Which tools there are for something, in all gateways, and which virtual servers have them
lethe search create issue --kind tool
\`\`\`

\`\`\`sh
# What needs somebody, and what happens meanwhile
lethe ls --drift pending
lethe events --target verification
\`\`\`

\`\`\`sh
# Keep a credential for the callers that a grant names the gateway for (read kept-credentials.md before)
lethe keep tracker --until 30d
lethe edit team --credentials tracker=callers-then-kept
\`\`\`

\`\`\`sh
# Sign in at the upstreams that give nobody a token to paste, on this machine (logins.md)
lethe login team
\`\`\`

\`\`\`sh
# What is wrong with this set-up, in order, and what to do about it
lethe doctor
\`\`\`

\`lethe call\` needs no administrator. It reads the key from \`LETHE_KEY\`, and the credential for a gateway from the variable that
\`lethe connect\` names: the gateway's slug and what it takes, such as \`TRACKER_TOKEN\`. It knows which headers there are from
\`/servers/<slug>/upstreams\` of the proxy ([clients](clients.md#what-a-caller-can-ask)).

\`lethe edit\` sends \`If-Match\`: if somebody else has changed the gateway or virtual server meanwhile, nothing is changed. A value
that is JSON is sent as such (\`enabled=false\`, \`tags=["a","b"]\`, \`description=null\`), any other as text; text that looks like JSON
goes in quotes (\`name='"2026"'\`).

## What clients see

\`\`\`sh
# Leave a tool out; another name and description; what gateways with a tag have, as far as it only reads
lethe edit team --hide tracker/delete_issue --rename tracker/create_issue=open_issue
lethe edit team --include-tag prod --with-hint read-only
\`\`\`

\`\`\`sh
# Tags of a gateway and of its items, and whether hints of its tools count
lethe edit tracker --tag prod --item-tag 'tool:*_issue=issues' --trust-hints
\`\`\`

\`\`\`sh
# How much of a model's context the tools take, the largest first
lethe size team
\`\`\`

An item is written as its gateway's slug, \`/\` and the name that its upstream uses: \`tracker/create_issue\`; others than tools with
their kind: \`tracker/prompt:summary\`, \`tracker/resource:file:///notes\`, \`tracker/resource-template:x://{y}\`. An empty value takes
away what the virtual server says (\`--rename tracker/create_issue=\`), \`--reset\` all of it. An item that is listed is served, also if
no rule includes it, unless it is hidden. All flags and fields of one command are changed together, or none
([what they mean](virtual-servers.md#what-a-virtual-server-exposes)).

## Shell completion

\`\`\`sh
# For the running shell; put it into ~/.bashrc to keep it
source <(lethe completion bash)
\`\`\`

\`zsh\` is the same; for fish: \`lethe completion fish | source\`.
`;

const EXIT_TEXTS: Record<keyof typeof EXIT_CODES, string> = {
  done: 'done',
  unexpected: 'an unexpected failure',
  usage: 'the command line or a value on it is not valid; nothing was sent',
  refused: 'the registry, or a virtual server, refused the request',
  notVerified: 'the verification ended without a catalogue',
  untrusted: 'a signature, fingerprint or URL is not the expected one; no credential left this machine',
  unreachable: 'the registry or the proxies do not answer',
  unhealthy: '`lethe doctor` found something that does not work',
  toolFailed: 'a tool was called, and reports that it failed',
  drift:
    'with `--fail-on-drift`: the upstream has changed since the last verification, or something waits for a review',
  differs: '`lethe diff`: gateways or virtual servers are not what the document says',
  cancelled: 'cancelled',
};

/** The page `docs/operations/cli.md`. */
export function cliPage(): Promise<string> {
  const program = documented();
  const commands = leaves(program).map(commandText);
  const text = [
    HEAD,
    `## Flags of every command\n\n${flagTable(program.options)}`,
    '## Commands',
    ...commands,
    `## Exit codes\n\n| code | meaning |\n| - | - |\n${exitRows()}`,
  ];
  return format(text.join('\n\n'), { parser: 'markdown', proseWrap: 'always', printWidth: 120 });
}

/** The program, which is not run. */
export function documented(): Command {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  return makeProgram({ settings: readCliSettings({}, '/'), streams });
}

/** The commands that do something, in the order in which help lists them. */
export function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

/** A command in words. */
export function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

function commandText(command: Command): string {
  const taken = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return { shown: argument.required ? `<${name}>` : `[${name}]`, argument };
  });
  const described = taken.filter(({ argument }) => argument.description || argument.argChoices);
  const rows = [
    ...described.map(({ shown, argument }) => row(shown, argument.description, argument.argChoices)),
    ...command.options.map(flagRow),
  ];
  return [
    `### ${wordsOf(command)}`,
    `\`${[wordsOf(command), ...taken.map(({ shown }) => shown)].join(' ')}\`: ${command.description()}.`,
    ...(rows.length > 0 ? [tableOf(rows)] : []),
  ].join('\n\n');
}

function flagTable(options: readonly Option[]): string {
  return tableOf(options.map(flagRow));
}

function tableOf(rows: readonly string[]): string {
  return ['| argument or flag | meaning |', '| - | - |', ...rows].join('\n');
}

function flagRow({ flags, description, mandatory, argChoices }: Option): string {
  return row(flags, mandatory ? `${description} (required)` : description, argChoices);
}

function row(name: string, description: string, choices: readonly string[] | undefined): string {
  const meaning = [description, choices && `one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`];
  return `| \`${name}\` | ${meaning.filter(Boolean).join('; ')} |`;
}

function exitRows(): string {
  return Object.entries(EXIT_CODES)
    .map(([kind, code]) => `| ${code} | ${EXIT_TEXTS[kind as keyof typeof EXIT_CODES]} |`)
    .join('\n');
}
