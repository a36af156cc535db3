import type { Logger, Metrics } from '@lethe/platform';
import type { KeptGateways } from '../routes/table/kept-gateways.js';
import type { TokenOutcome } from '../routes/table/kept-token.js';

/** Logs and counts the requests for access tokens of kept credentials. */
export function logKeptTokens(kept: KeptGateways | undefined, logger: Logger, metrics: Metrics): void {
  const asked = metrics.counter(
    'lethe_proxy_kept_token_requests_total',
    'Requests for access tokens of kept credentials',
    ['outcome'],
  );
  metrics.askedGauge(
    'lethe_proxy_kept_tokens_missing',
    'Kept credentials that have no valid access token',
    [],
    'max',
    async (gauge) => gauge.set(kept?.tokensMissing(Date.now()) ?? 0),
  );
  kept?.tokens.listen((gatewayId, outcome) => {
    asked.inc({ outcome: outcome.failure?.code ?? 'ok' });
    logOutcome(gatewayId, outcome, logger);
  });
}

/** A token that is renewed in time is no news. */
function logOutcome(gatewayId: string, { failure, failures, hasToken }: TokenOutcome, logger: Logger): void {
  if (!failure && failures > 0) logger.info({ gatewayId }, 'A kept credential has an access token again');
  if (!failure) return;
  const { httpStatus: status, tokenError, why } = failure.detail;
  const facts = { gatewayId, reason: failure.code, code: tokenError ?? why, status, attempt: failures + 1 };
  if (hasToken) logger.warn(facts, 'The access token of a kept credential is not renewed; the former one still serves');
  else logger.error(facts, 'A kept credential has no access token');
}
