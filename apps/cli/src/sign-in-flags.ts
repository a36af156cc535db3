import { isScopeToken } from '@lethe/mcp';
import type { Command } from 'commander';
import { plainText, upstreamUrl } from './argv-rules.js';
import { portNumber } from './command-line/times.js';
import { CliError } from './errors/cli.error.js';

/** Flags about how somebody signs in, and as which client. @param prefix of each description */
export function withSignInFlags(command: Command, prefix = ''): Command {
  return command
    .option('--device', `${prefix}type a code on any device instead of opening a browser here`)
    .option('--no-browser', `${prefix}print the page instead of opening it`)
    .option(
      '--scope <scopes>',
      `${prefix}scopes to ask for besides those the upstream names, separated by spaces`,
      scopes,
    )
    .option('--issuer <url>', `${prefix}authorization server to use, if the upstream names several`, upstreamUrl)
    .option('--client-id <id>', `${prefix}client that was registered there for you`, plainText('--client-id'))
    .option('--ask-client-secret', `${prefix}the client id has a secret, which is asked for`)
    .option(
      '--client-metadata-url <url>',
      `${prefix}client metadata document to use where the server takes one`,
      httpsUrl,
    )
    .option(
      '--callback-port <port>',
      `${prefix}port that the browser comes back to, where the registration names one`,
      portNumber('--callback-port', 1),
    );
}

/** Scope tokens as in RFC 6749, section 3.3. */
function scopes(text: string): string {
  const tokens = text.trim().split(/\s+/);
  if (tokens.every(isScopeToken)) return tokens.join(' ');
  throw new CliError('usage', 'scope_malformed', '--scope takes scopes of visible ASCII, separated by spaces');
}

function httpsUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.pathname !== '/' && url.search === '' && url.username === '') return text;
  throw new CliError('usage', 'metadata_url', '--client-metadata-url takes an https URL with a path and no query');
}
