import { encodeError, encodeResult, ERROR_META, isObject, META, parseJson, type RpcRequest } from '@lethe/mcp';
import type { CliError } from '../errors/cli.error.js';
import type { LoginWish } from './login-offers.js';
import { type CredentialFailure, toldData } from './told-failure.js';

/** Whether a request is of the modern era: it then says its version itself. */
export function isModern({ params }: Pick<RpcRequest, 'params'>): boolean {
  const meta = params['_meta'];
  return isObject(meta) && typeof meta[META.protocolVersion] === 'string';
}

/** What a modern request says that its client can do. */
export function capabilitiesOf({ params }: RpcRequest): unknown {
  const meta = params['_meta'];
  return isObject(meta) ? meta[META.clientCapabilities] : undefined;
}

/**
 * The response that says how the person can put it right: as the result of a tool, which models read, and for other requests
 * as an error.
 * @param failure undefined if the person was asked before the request was sent
 * @param command what starts a command in a terminal, `lethe` or npm's way to it
 */
export function loginText(
  request: RpcRequest,
  failure: CredentialFailure | undefined,
  target: LoginWish,
  { why, command }: { why: CliError | undefined; command: string },
): string {
  const { server, gateway, scope } = target;
  const run = `${command} login ${server} ${gateway}${scope === undefined ? '' : ` --scope "${scope}"`}`;
  const hasMore = why !== undefined && !['not_logged_in', 'login_ended'].includes(why.code);
  const reason = hasMore ? ` ${[why.message, ...why.notes].join('. ')} (${why.code}).` : '';
  const text = `${stateOf(target, failure)}${reason} The user has to run this in a terminal, and then call again: ${run}`;
  return toldBack(request, failure, text);
} // prettier-ignore

/** The same where no login helps: the gateway takes what the bridge has in variables. */
export function variableText(request: RpcRequest, failure: CredentialFailure, variables: readonly string[]): string {
  const { gateway, why } = failure;
  const names = variables.join(' and ');
  const what = why === 'missing' ? `The bridge has no credential for ${gateway}.` : `${gateway} does not accept the credential that the bridge has.`;
  const todo = `The user has to set ${names} in the environment of lethe bridge (or name a variable: --credential ${gateway}=env:NAME), and start the bridge again.`;
  return toldBack(request, failure, `${what} ${todo}`);
} // prettier-ignore

function toldBack(request: RpcRequest, failure: CredentialFailure | undefined, text: string): string {
  if (request.method !== 'tools/call') return asError(request, failure, text);
  const advice = 'The tool did not run. Do not ask for a token, and do not put one into arguments.';
  const result = {
    ...(isModern(request) && { resultType: 'complete' }),
    content: [{ type: 'text', text: `${text}\n${advice}` }],
    isError: true,
    ...(failure && { _meta: { [ERROR_META]: toldData(failure.json) } }),
  };
  return encodeResult(request.id, JSON.stringify(result));
}

function stateOf({ gateway, scope }: LoginWish, failure: CredentialFailure | undefined): string {
  if (scope !== undefined) return `The login for ${gateway} is not for what this needs: ${scope}.`;
  return failure?.why === 'rejected'
    ? `The login for ${gateway} is not accepted any more.`
    : `There is no login for ${gateway}.`;
}

function asError({ id }: RpcRequest, failure: CredentialFailure | undefined, message: string): string {
  const json = failure?.json ?? '{}';
  const told = parseJson(json);
  const error = isObject(told) && isObject(told['error']) ? told['error'] : {};
  const code = typeof error['code'] === 'number' ? error['code'] : -32603;
  return encodeError(id, { code, message, data: toldData(json) });
}
