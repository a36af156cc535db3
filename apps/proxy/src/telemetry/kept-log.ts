import type { Logger } from '@lethe/platform';
import type { KeptGateways } from '../routes/table/kept-gateways.js';

/** Logs which kept credentials this proxy does not use, and why. */
export function logKeptCredentials(kept: KeptGateways | undefined, logger: Logger): void {
  kept?.onRefused((gatewayId, reason) => logger.error({ gatewayId, reason }, 'A kept credential is not used'));
}
