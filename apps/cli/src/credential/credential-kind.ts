import { CliError } from '../errors/cli.error.js';

/** The kind of credential to ask for: names only, never a value. */
export type CredentialKind =
  | { scheme: 'bearer' }
  | { scheme: 'basic'; username: string }
  | { scheme: 'headers'; names: string[] }
  | { scheme: 'none' };

/** The parsed flags of a command that asks for a credential. */
export interface CredentialFlags {
  bearer?: boolean;
  basic?: string;
  header?: string[];
  /** False with `--no-credential`. */
  credential: boolean;
  credentialStdin?: boolean;
}

/**
 * The kind that the flags select.
 * @throws CliError `credential_kind` for none or several
 */
export function credentialKind(flags: CredentialFlags): CredentialKind {
  const kinds: CredentialKind[] = [];
  if (flags.bearer === true) kinds.push({ scheme: 'bearer' });
  if (flags.basic !== undefined) kinds.push({ scheme: 'basic', username: flags.basic });
  if (flags.header !== undefined) kinds.push({ scheme: 'headers', names: flags.header });
  if (!flags.credential) kinds.push({ scheme: 'none' });
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) {
    const rule = 'Choose the credential that the upstream needs: --bearer, --basic, --header or --no-credential';
    throw new CliError('usage', 'credential_kind', rule);
  }
  if (kind.scheme === 'none' && flags.credentialStdin === true) {
    throw new CliError('usage', 'credential_kind', '--no-credential and --credential-stdin can not be combined');
  }
  return kind;
}
