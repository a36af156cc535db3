import { BEARER_SENTENCES, bearerChallenge, bearerProblem, type BearerProblem } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { ADMIN_TOKEN_PREFIX } from '@lethe/sealing';

/** Why an administrator is not let in: the member `why` of the response. */
export type AdminProblem = BearerProblem | 'caller_key' | 'not_an_administrator_token' | 'administrator_unknown';

const TOKEN = `an administrator token (${ADMIN_TOKEN_PREFIX}_...)`;

const SENTENCES: Record<AdminProblem, (wanted: string, notation: string) => string> = {
  ...BEARER_SENTENCES,
  caller_key: (wanted) =>
    `The Authorization header contains a caller key, which is for virtual servers: the admin API requires ${wanted}`,
  not_an_administrator_token: (wanted) => `The value in the Authorization header is not ${wanted}`,
  administrator_unknown: () =>
    'The administrator token in the Authorization header is not known here: it is not complete, or it is of another Lethe',
};

/** A refused request of an administrator: the error, and its `WWW-Authenticate` header with the same sentence. */
export function adminRefusal(authorization: string | undefined): { error: LetheError; challenge: string } {
  const { why, notation = '' } = problemOf(authorization);
  const detail = SENTENCES[why](TOKEN, notation);
  return { error: new LetheError('unauthenticated', { why, detail }), challenge: bearerChallenge(why, detail) };
}

function problemOf(authorization: string | undefined): { why: AdminProblem; notation?: string } {
  const problem = bearerProblem(authorization);
  if (problem) return problem;
  const value = authorization?.slice('Bearer '.length) ?? '';
  if (value.startsWith('lethe_key_')) return { why: 'caller_key' };
  return { why: value.startsWith(`${ADMIN_TOKEN_PREFIX}_`) ? 'administrator_unknown' : 'not_an_administrator_token' };
}
