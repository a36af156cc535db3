import { type BusOptions, MemoryBroker } from '@lethe/messaging';
import type { Settings } from '@lethe/platform';

/** The bus of the settings for each of the services in this process, or by default one in memory. */
export function busOf({ natsUrl }: Settings): (service: string) => BusOptions {
  const broker = new MemoryBroker();
  return (service) => (natsUrl ? { natsUrl, service } : { broker, service });
}
