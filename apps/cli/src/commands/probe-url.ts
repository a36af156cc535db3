import { findByUrl } from '../registry/find-by-reference.js';
import { type ProbeResponse, probeResponse } from '../registry/inspection-responses.js';
import { columns } from '../terminal/printable.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe probe`. */
export interface ProbeFlags extends CommonFlags {
  transport?: 'auto' | 'streamable-http' | 'sse';
}

const OUTCOMES: Record<string, string> = {
  open: 'An MCP server answers, and needs no credential to begin.',
  credential_required: 'Something answers that wants a credential (401).',
  redirected: 'It redirects to another URL, which was not followed.',
  not_mcp: 'Something answers that is no MCP server at this path.',
  unreachable: 'It could not be reached from the connector.',
};

/** `lethe probe <url>`: what answers there without a credential, and what is needed to add it. `url` is canonical. */
export async function probeUrl(context: RunContext, url: string, flags: ProbeFlags): Promise<void> {
  const terminal = terminalFor(context, flags);
  const client = await registryFor(context, flags);
  const body = { url, ...(flags.transport && { transport: flags.transport }) };
  const report = await client.request(probeResponse, 'POST', '/probes', { body });
  const known = await findByUrl(client, url);
  terminal.print(OUTCOMES[report.outcome] ?? report.outcome);
  for (const line of columns(rowsOf(report))) terminal.print(line);
  for (const line of known ? [`It is registered already, as ${known.slug}.`] : nextSteps(report)) terminal.print(line);
  terminal.printJson(report);
}

function rowsOf(report: ProbeResponse): string[][] {
  const { why, httpStatus, serverName, eras, transport, tls, redirectsTo, challenge } = report;
  return [
    ...row('why', why),
    ...row('status', httpStatus === undefined ? undefined : String(httpStatus)),
    ...row('server', serverName),
    ...row('protocol', eras.map(eraText).join('; ') || undefined),
    ...row('transport', transport),
    ...row('tls', tls && `${tls.protocol}, certificate of ${tls.issuer} until ${tls.expiresAt}`),
    ...row('redirects', redirectsTo && `to ${redirectsTo}`),
    ...row('wants', challenge?.schemes.join(', ') || undefined),
    ...row('realm', challenge?.realm),
    ...row('scope', challenge?.scope),
    ...authorizationRows(report),
  ];
}

function authorizationRows({ authorization }: ProbeResponse): string[][] {
  return [
    ...row('metadata', authorization?.resourceMetadata),
    ...row('resource', authorization?.resource),
    ...(authorization?.servers ?? []).flatMap((server) => [
      ...row('issuer', `${server.issuer}${server.isConfirmed ? '' : ' (its metadata does not confirm it)'}`),
      ...row('token', server.tokenEndpoint),
      ...row('sign-in', server.authorizationEndpoint),
      ...row('registration', server.registrationEndpoint),
      ...row('grants', server.grantTypes?.join(', ')),
      ...row('pkce', server.pkce?.join(', ')),
      ...row('clients', server.registration && (server.registration.join(', ') || 'somebody registers them there')),
      ...row(
        'also',
        [...(server.device ? ['device flow'] : []), ...(server.dpop ? ['DPoP'] : [])].join(', ') || undefined,
      ),
    ]),
  ];
}

function row(name: string, text: string | undefined): string[][] {
  return text === undefined ? [] : [[`  ${name}`, text]];
}

function eraText({ era, protocolVersions, sessionful }: ProbeResponse['eras'][number]): string {
  const sessions = sessionful === undefined ? [] : [sessionful ? 'with sessions' : 'without sessions'];
  return [`${era} ${protocolVersions.join(', ')}`.trim(), ...sessions].join(', ');
}

/** What to type next. */
function nextSteps({ outcome, url, challenge, authorization, registerUrl }: ProbeResponse): string[] {
  if (outcome === 'open') return [`To add it: lethe add ${url} --name <name> --no-credential`];
  if (outcome === 'redirected') {
    return registerUrl === undefined ? [] : [`To look there instead: lethe probe ${registerUrl}`];
  }
  if (outcome !== 'credential_required') return [];
  const schemes = (challenge?.schemes ?? []).map((scheme) => scheme.toLowerCase());
  if (schemes.includes('basic')) return [`To add it: lethe add ${url} --name <name> --basic <user>`];
  if (schemes.length > 0 && !schemes.includes('bearer')) {
    return [`If it also takes a secret in a header of its own: lethe add ${url} --name <name> --header <name>`];
  }
  const issuers = authorization?.servers.map(({ issuer }) => issuer).join(' or ');
  const token = issuers
    ? `The token is one of ${issuers}; callers bring their own.`
    : 'If it takes its key in another header: --header <name> instead of --bearer.';
  const signIn =
    authorization?.resource === undefined ? [] : [`Or by signing in here: lethe add ${url} --name <name> --oauth`];
  return [`To add it: lethe add ${url} --name <name> --bearer`, token, ...signIn];
}
