import { canonicalUrl, isSlug, URL_PROBLEMS, urlSecretProblem } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { credentialKind } from '../credential/credential-kind.js';
import { gatewayResponse } from '../registry/responses.js';
import { registryFor, type RunContext, terminalFor } from './run-context.js';
import { verifyFor, type VerifyFlags } from './verify-gateway.js';

/** Flags of `lethe add`. */
export interface AddFlags extends VerifyFlags {
  name: string;
  slug?: string;
  description?: string;
  tag?: string[];
}

/** `lethe add <url>`: registers an upstream and verifies it. Checks the URL before anything is sent. */
export async function addGateway(context: RunContext, typed: string, flags: AddFlags): Promise<void> {
  credentialKind(flags);
  const url = checkedUrl(typed);
  if (flags.slug !== undefined && !isSlug(flags.slug)) {
    throw new CliError(
      'usage',
      'slug_illegal',
      'A slug has 1 to 24 characters: words of a-z and 0-9, joined by single hyphens',
    );
  }
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags, terminal);
  const { name, slug, description, tag: tags } = flags;
  const body = { name, url, ...(slug && { slug }), ...(description && { description }), ...(tags && { tags }) };
  const gateway = await client.request(gatewayResponse, 'POST', '/gateways', { body });
  terminal.note(`Registered ${gateway.slug}. It is published after it is verified.`);
  await verifyFor(context, client, terminal, gateway, url, flags);
}

// The error never repeats the URL, which may contain a secret.
function checkedUrl(typed: string): string {
  const problem = urlSecretProblem(typed);
  if (problem === undefined) return canonicalUrl(typed);
  const isSecret = problem === 'userinfo' || problem === 'secret_in_query' || problem === 'secret_in_path';
  throw new CliError('usage', problem, 'This URL may not be registered; nothing was sent', [
    URL_PROBLEMS[problem],
    ...(isSecret ? ['If it contained a credential, rotate that credential: it was on a command line.'] : []),
  ]);
}
