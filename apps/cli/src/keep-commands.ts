import type { Command } from 'commander';
import { timeAhead } from './command-line/times.js';
import { forgetCredential, type ForgetFlags, keepCredential, type KeepFlags } from './commands/keep-credential.js';
import { withRule } from './command-line/command-rules.js';
import type { RunContext } from './commands/run-context.js';
import { chosenKind } from './credential/credential-kind.js';
import { OAUTH_FLAGS } from './credential/oauth-flags.js';
import { withOAuthFlags, withSecretKinds } from './credential-flags.js';

/** Defines the commands about credentials that proxies keep. */
export function keepCommands(program: Command, context: RunContext): void {
  const kinds = ['bearer', 'basic', 'header', 'query', 'credentialStdin'] as const;
  const keep = program.command('keep').argument('<gateway>', 'slug or id');
  const rule = (flags: KeepFlags): unknown => chosenKind({ ...flags, credential: true });
  withOAuthFlags(withSecretKinds(withRule(keep, rule, [...kinds, ...OAUTH_FLAGS])))
    .description(
      'keep a credential for the calls of a gateway, in the place of the one before; without flags it asks for what callers send',
    )
    .option(
      '--until <time>',
      'when it ends: 2027-01-31, or after how long, such as 60d; at most 90d (default: 30d)',
      timeAhead,
    )
    .option(
      '--kept-fingerprint <fingerprint>',
      'trust this key of the proxies, after you compared it over another channel',
    )
    .action((gateway: string, _flags: object, command: Command) =>
      keepCredential(context, gateway, command.optsWithGlobals<KeepFlags>()),
    );
  program
    .command('forget')
    .argument('<gateway>', 'slug or id')
    .description('delete the credential that is kept for a gateway; calls are refused within two seconds')
    .option('--yes', 'do not ask')
    .action((gateway: string, _flags: object, command: Command) =>
      forgetCredential(context, gateway, command.optsWithGlobals<ForgetFlags>()),
    );
}
