import { CliError } from '../cli.error.js';

/** Which kind of credential will be asked for; names only, never a value. */
export type CredentialKind =
  | { scheme: 'bearer' }
  | { scheme: 'basic'; username: string }
  | { scheme: 'headers'; names: string[] }
  | { scheme: 'none' };

/** The flags of a command that asks for a credential, as they are parsed. */
export interface CredentialFlags {
  bearer?: boolean;
  basic?: string;
  header?: string[];
  /** `--no-credential` gives false. */
  credential: boolean;
  credentialStdin?: boolean;
}

/** The one kind that the flags name. Throws `usage` for none and for several. */
export function credentialKind(flags: CredentialFlags): CredentialKind {
  const kinds: CredentialKind[] = [];
  if (flags.bearer === true) kinds.push({ scheme: 'bearer' });
  if (flags.basic !== undefined) kinds.push({ scheme: 'basic', username: flags.basic });
  if (flags.header !== undefined) kinds.push({ scheme: 'headers', names: flags.header });
  if (!flags.credential) kinds.push({ scheme: 'none' });
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) {
    const rule = 'Say which credential the upstream asks for: one of --bearer, --basic, --header, --no-credential';
    throw new CliError('usage', 'credential_kind', rule);
  }
  if (kind.scheme === 'none' && flags.credentialStdin === true) {
    throw new CliError('usage', 'credential_kind', '--no-credential and --credential-stdin exclude each other');
  }
  return kind;
}
