import { CliError } from '../errors/cli.error.js';
import type { LoginChoices } from '../login/log-in.js';
import { askSecret, readSecretLines } from '../terminal/ask-secret.js';
import type { Terminal } from '../terminal/terminal.js';

/** Flags of every command in which somebody signs in at an authorization server. */
export interface SignInFlags {
  device?: boolean;
  browser?: boolean;
  scope?: string;
  issuer?: string;
  clientId?: string;
  askClientSecret?: boolean;
  credentialStdin?: boolean;
  clientMetadataUrl?: string;
  callbackPort?: number;
}

/** Names of the flags that are about signing in alone. */
export const SIGN_IN_FLAGS = [
  ...(['device', 'browser', 'scope', 'issuer', 'clientId', 'askClientSecret'] as const),
  ...(['clientMetadataUrl', 'callbackPort'] as const),
];

/** @throws CliError `flags_conflict` */
export function checkSignInFlags({ device, browser, callbackPort }: SignInFlags): void {
  if (device !== true || (browser !== false && callbackPort === undefined)) return;
  const text = '--device opens no browser here: leave out --no-browser and --callback-port';
  throw new CliError('usage', 'flags_conflict', text);
}

/** The secret of the client id, if there is one: asked for, or the first line of standard input. */
export async function clientSecretOf(terminal: Terminal, flags: SignInFlags): Promise<string | undefined> {
  if (flags.credentialStdin === true) return (await readSecretLines(terminal))[0];
  return flags.askClientSecret === true ? askSecret(terminal, 'Client secret:') : undefined;
}

/** What the flags choose for a login. */
export function signInChoices(
  flags: SignInFlags,
  clientSecret: string | undefined,
): Omit<LoginChoices, 'mayShare' | 'upstream'> {
  const { device, issuer, scope, clientId, clientMetadataUrl, callbackPort } = flags;
  return { isDevice: device === true, issuer, scope, clientMetadataUrl, callbackPort, clientId, clientSecret };
}
