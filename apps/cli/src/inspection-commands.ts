import { ITEM_KINDS } from '@lethe/contracts';
import { Argument, type Command, Option } from 'commander';
import { upstreamUrl } from './argv-rules.js';
import { completionScript, SHELLS, type Shell } from './command-line/completion.js';
import { callOneTool, toolArguments } from './commands/call-one-tool.js';
import { connectClient, type ConnectFlags } from './commands/connect-client.js';
import { wholeNumber } from './command-line/times.js';
import { type EditFlags, editOne, fieldValue, type FieldValue } from './commands/edit-one.js';
import { examineSetUp, showStatus } from './commands/examine-set-up.js';
import { explainCall, type ExplainFlags } from './commands/explain-call.js';
import { probeUrl, type ProbeFlags } from './commands/probe-url.js';
import type { CommonFlags, RunContext } from './commands/run-context.js';
import { showOne } from './commands/show-one.js';
import { showSize, type SizeFlags } from './commands/show-size.js';
import { withEdits } from './curation-flags.js';

const MOST_ITEMS = 1_000;
const SHOWN_ITEMS = 20;

/** Defines the commands that look at a set-up, configure clients, and try calls. */
export function inspectionCommands(program: Command, context: RunContext): void {
  setUpCommands(program, context);
  oneCommands(program, context);
  callerCommands(program, context);
  program
    .command('completion')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .description('print a script that completes commands and flags in a shell')
    .action((shell: Shell, _flags: object, command: Command) => {
      const script = completionScript(program, shell);
      const { json } = command.optsWithGlobals<CommonFlags>();
      context.streams.stdout.write(`${json === true ? JSON.stringify({ shell, script }) : script}\n`);
    });
}

function setUpCommands(program: Command, context: RunContext): void {
  program
    .command('doctor')
    .description('find out what is wrong with this set-up, and what to do about it; exit code 7 if something is')
    .action((_flags: object, command: Command) => examineSetUp(context, command.optsWithGlobals<CommonFlags>()));
  program
    .command('status')
    .description('show how registry, connectors and proxies are, in short')
    .action((_flags: object, command: Command) => showStatus(context, command.optsWithGlobals<CommonFlags>()));
  program
    .command('probe')
    .argument('<url>', 'URL of an upstream MCP server', upstreamUrl)
    .addOption(
      new Option('--transport <transport>', 'try this transport alone').choices(['auto', 'streamable-http', 'sse']),
    )
    .description('find out what answers at a URL without a credential, and what is needed to add it')
    .action((url: string, _flags: object, command: Command) =>
      probeUrl(context, url, command.optsWithGlobals<ProbeFlags>()),
    );
}

function oneCommands(program: Command, context: RunContext): void {
  program
    .command('show')
    .argument('<gateway-or-server>', 'slug or id')
    .description('show all of a gateway or a virtual server')
    .action((reference: string, _flags: object, command: Command) =>
      showOne(context, reference, command.optsWithGlobals<CommonFlags>()),
    );
  withEdits(program.command('edit'))
    .argument('<gateway-or-server>', 'slug or id')
    .argument('[field=value...]', 'fields of the admin API; a value may be JSON', fieldValue)
    .description('change a gateway or a virtual server: fields, tags, and what is served under which name')
    .action((reference: string, changes: FieldValue[] | undefined, _flags: object, command: Command) =>
      editOne(context, reference, changes ?? [], command.optsWithGlobals<EditFlags>()),
    );
  program
    .command('size')
    .argument('<server>', 'slug or id of a virtual server')
    .description("show how much of a model's context the tools of a virtual server take, the largest first")
    .option('--role <role>', 'only what a caller with this role sees; may be given several times', collect)
    .addOption(new Option('--kind <kind>', 'measure these instead of tools').choices(ITEM_KINDS))
    .option('--top <number>', 'how many items to print', wholeNumber('--top', 1, MOST_ITEMS), SHOWN_ITEMS)
    .action((server: string, _flags: object, command: Command) =>
      showSize(context, server, command.optsWithGlobals<SizeFlags>()),
    );
}

function callerCommands(program: Command, context: RunContext): void {
  program
    .command('connect')
    .argument('<server>', 'slug or id of a virtual server')
    .option('--client <client>', 'whose configuration to print; without it, the clients are listed')
    .addOption(
      new Option(
        '--way <way>',
        'where its credentials come from: variables (headers), lethe bridge, which it starts, or lethe headers, which it runs (helper)',
      ).choices(['headers', 'bridge', 'helper']),
    )
    .description("print a client's configuration for a virtual server, without secrets")
    .action((server: string, _flags: object, command: Command) =>
      connectClient(context, server, command.optsWithGlobals<ConnectFlags>()),
    );
  program
    .command('explain')
    .argument('<server>', 'slug or id of a virtual server')
    .argument('<item>', 'exposed name of a tool or prompt, or the URI of a resource')
    .addOption(new Option('--kind <kind>', 'what the item is, if its name does not tell').choices(ITEM_KINDS))
    .option('--key-id <id>', "public id of the caller's key, not the key")
    .option('--role <role>', 'role of a caller; may be given several times', collect)
    .description('explain which headers a call needs, where each goes, and why it would be refused')
    .action((server: string, item: string, _flags: object, command: Command) =>
      explainCall(context, server, item, command.optsWithGlobals<ExplainFlags>()),
    );
  program
    .command('call')
    .argument('<server>', 'slug of a virtual server here, or its whole URL')
    .argument('<tool>', 'exposed name')
    .argument('[json]', 'arguments of the tool, a JSON object', toolArguments)
    .description('call a tool as an MCP client; key and credentials come from the variables that connect names')
    .action(
      (server: string, tool: string, json: Record<string, unknown> | undefined, _flags: object, command: Command) =>
        callOneTool(context, server, tool, json, command.optsWithGlobals<CommonFlags>()),
    );
}

function collect(value: string, earlier: string[] = []): string[] {
  return [...earlier, value];
}
