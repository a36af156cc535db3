import { CliError } from '../errors/cli.error.js';
import type { ProtectedResource } from '../oauth/discovery.js';
import { shownUrl } from '../oauth/oauth-failure.js';
import { type LoginDocument, pinOf } from '../token-store/login-record.js';
import type { LoginTarget } from './login-target.js';

/**
 * The authorization server to log in at: the one of the first login. If the upstream names others now, or is another
 * resource, that is for the person to decide; both are shown.
 * @param wished by the person, of those that the upstream names
 * @throws CliError `issuer_changed`, `resource_changed`, `issuer_unknown`, `issuers_several`
 */
export function chooseIssuer(
  document: LoginDocument,
  { server, gateway, oauth }: Pick<LoginTarget, 'server' | 'gateway' | 'oauth'>,
  { resource, issuers }: Pick<ProtectedResource, 'resource' | 'issuers'>,
  wished: string | undefined,
): { issuer: string; isPinned: boolean } {
  const pin = pinOf(document, server, gateway);
  const isVerified = oauth !== undefined;
  const changed = changeOf(gateway, isVerified);
  if (pin && pin.resource !== resource) throw changed('resource_changed', [pin.resource], [resource]);
  const pinned = pin?.issuer ?? document.logins[resource]?.issuer;
  if (pinned === undefined) return { issuer: firstIssuer(gateway, issuers, wished), isPinned: false };
  if (!issuers.includes(pinned)) throw changed('issuer_changed', [pinned], issuers);
  if (wished !== undefined && !isSameUrl(wished, pinned)) throw changed('issuer_changed', [pinned], [wished]);
  return { issuer: pinned, isPinned: true };
}

/** The one authorization server that there is, or that the person wants. @throws CliError `issuer_unknown`, `issuers_several` */
export function firstIssuer(gateway: string, issuers: readonly string[], wished: string | undefined): string {
  if (wished !== undefined) {
    const named = issuers.find((issuer) => isSameUrl(issuer, wished));
    if (named === undefined) throw unknown(gateway, issuers);
    return named;
  }
  const [only, ...others] = issuers;
  if (only === undefined || others.length > 0) throw several(gateway, issuers);
  return only;
}

/** What a person types may lack the slash at the end, or have one. */
export function isSameUrl(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).href === new URL(other).href;
}

type Change = (
  code: 'issuer_changed' | 'resource_changed',
  before: readonly string[],
  now: readonly string[],
) => CliError;

/** @param isVerified whether what is there now was verified by Lethe, and reviewed by its administrators */
function changeOf(gateway: string, isVerified: boolean): Change {
  return (code, before, now) => {
    const what = code === 'issuer_changed' ? 'authorization server' : 'resource';
    const whom = isVerified ? 'an administrator of this Lethe, who has approved the change' : 'whoever runs it';
    return new CliError('untrusted', code, `The ${what} of ${gateway} has changed; nothing was opened or sent`, [
      `at your first login: ${before.map(shownUrl).join(', ')}`,
      `now${isVerified ? ', as Lethe has verified' : ''}: ${now.map(shownUrl).join(', ')}`,
      `Ask ${whom}. If it is right: lethe logout <server> ${gateway} --forget, then log in again.`,
    ]);
  };
}

function unknown(gateway: string, issuers: readonly string[]): CliError {
  return new CliError('usage', 'issuer_unknown', `--issuer is none that the upstream of ${gateway} names`, [
    `It names: ${issuers.map(shownUrl).join(', ')}`,
  ]);
}

function several(gateway: string, issuers: readonly string[]): CliError {
  return new CliError('usage', 'issuers_several', `The upstream of ${gateway} names several authorization servers`, [
    'Choose one with --issuer:',
    ...issuers.map(shownUrl),
  ]);
}
