import type { Logger, Metrics } from '@lethe/platform';
import type { GatewayGates } from '../routes/table/gateway-gates.js';

/** Logs when the circuit of a gateway opens and closes, and counts the open ones. */
export function logCircuits(gates: GatewayGates, logger: Logger, metrics: Metrics): void {
  const open = metrics.gauge('lethe_proxy_circuits_open', 'Workers that do not call a gateway for now', ['gateway']);
  const opened = metrics.counter('lethe_proxy_circuits_opened_total', 'Circuits that have opened', ['gateway']);
  const log = (gateway: string, isOpen: boolean): void => {
    open.set({ gateway }, isOpen ? 1 : 0);
    if (isOpen) opened.inc({ gateway });
    if (isOpen) logger.warn({ gateway }, 'A gateway is not called for now: its calls failed one after another');
    else logger.info({ gateway }, 'A gateway is called again');
  };
  gates.onChange = log;
}
