import { isProofHeader, type NeededHeader } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { CliSettings } from '../settings/cli-settings.config.js';

/** A credential of `--credential <gateway>[:<header>]=env:<variable>`. */
export interface GivenCredential {
  gateway: string;
  /** Undefined: the one header that the gateway takes. */
  header: string | undefined;
  variable: string;
}

const FORM =
  /^(?<gateway>[a-z0-9]+(?:-[a-z0-9]+)*)(?::(?<header>[A-Za-z0-9-]+))?=env:(?<variable>[A-Za-z_][A-Za-z0-9_]*)$/;

/** Reads one, and adds it to those before. @throws CliError `credential_malformed`, which does not repeat it */
export function collectCredential(text: string, earlier: GivenCredential[] = []): GivenCredential[] {
  const { gateway, header, variable } = FORM.exec(text)?.groups ?? {};
  if (gateway !== undefined && variable !== undefined) return [...earlier, { gateway, header, variable }];
  throw new CliError('usage', 'credential_malformed', '--credential takes <gateway>=env:<variable>', [
    'It names the variable that holds the credential; the credential itself is in no argument.',
  ]);
} // prettier-ignore

/** The values of given credentials, and of the variables that `lethe connect` names, by header. */
export class GivenCredentials {
  private readonly values: ReadonlyMap<GivenCredential, string>;

  /** @throws CliError `variable_unset` */
  constructor(
    given: readonly GivenCredential[],
    private readonly settings: Pick<CliSettings, 'secret' | 'variable'>,
  ) {
    this.values = new Map(given.map((one) => [one, valueOf(one, settings)]));
  }

  /** @throws CliError `gateway_unknown`, `credential_ambiguous` */
  for(headers: readonly NeededHeader[]): Map<NeededHeader, string> {
    const found = new Map<NeededHeader, string>();
    for (const header of headers) {
      // Without its key, nobody can sign for such a token.
      if (header.scheme === 'dpop' || isProofHeader(header.header)) continue;
      const value = this.settings.secret(header.variable);
      if (value !== undefined) found.set(header, value);
    }
    for (const [given, value] of this.values) found.set(headerOf(given, headers), value);
    return found;
  }
}

function valueOf({ gateway, variable }: GivenCredential, { variable: read }: Pick<CliSettings, 'variable'>): string {
  const value = read(variable);
  if (value !== undefined) return value;
  throw new CliError('usage', 'variable_unset', `The variable that --credential names for ${gateway} is not set`);
}

function headerOf({ gateway, header }: GivenCredential, headers: readonly NeededHeader[]): NeededHeader {
  const own = headers.filter((one) => one.gateway === gateway);
  const named = own.filter((one) => header === undefined || one.header.toLowerCase() === header.toLowerCase());
  const [first] = named;
  if (first && named.length === 1) return first;
  if (first) {
    throw new CliError('usage', 'credential_ambiguous', `${gateway} takes several headers`, [
      ...own.map((one) => `--credential ${gateway}:${one.header}=env:<variable>`),
    ]);
  }
  const text = `--credential names ${gateway}, which takes no such credential on this virtual server`;
  throw new CliError('usage', 'gateway_unknown', text);
}
