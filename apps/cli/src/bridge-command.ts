import type { Command } from 'commander';
import { portNumber } from './command-line/times.js';
import { collectCredential } from './commands/given-credentials.js';
import { type BridgeFlags, runBridge } from './commands/run-bridge.js';
import type { RunContext } from './commands/run-context.js';
import { rootProgram } from './root-program.js';

/** The program with the one command that runs for as long as a client: the others would only take its memory. */
export function makeBridgeProgram(context: RunContext): Command {
  const program = rootProgram(context);
  bridgeCommand(program, context);
  return program;
}

/** Defines `lethe bridge`. */
export function bridgeCommand(program: Command, context: RunContext): void {
  program
    .command('bridge')
    .argument('<server>', 'slug of a virtual server here, or its whole URL')
    .description(
      'an MCP server on standard input and output that calls a virtual server with your logins, for clients to start',
    )
    .option(
      '--credential <gateway=env:variable>',
      'send what this variable holds to a gateway, instead of a login; may be given several times',
      collectCredential,
    )
    .option(
      '--listen <port>',
      'listen on this port of loopback, 0 for any, for clients that start no programs; LETHE_BRIDGE_TOKEN: what they must know',
      portNumber('--listen', 0),
    )
    .action((server: string, _flags: object, command: Command) =>
      runBridge(context, server, command.optsWithGlobals<BridgeFlags>()),
    );
}
