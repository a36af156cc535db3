import { type BusOptions, timingOf } from '@lethe/messaging';
import type { Settings } from '@lethe/platform';

/** The bus with time to publish a result for as long as a registry waits for it. A result contains nothing secret. */
export function withTimeForResults(
  bus: BusOptions,
  { handshakeTimeoutMs, resultMarginMs }: Pick<Settings, 'handshakeTimeoutMs' | 'resultMarginMs'>,
): BusOptions {
  const timing = timingOf(bus);
  const publishTimeoutMs = Math.max(timing.publishTimeoutMs, handshakeTimeoutMs + resultMarginMs);
  return { ...bus, timing: { ...timing, publishTimeoutMs } };
}
