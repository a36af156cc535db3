import type { Metrics } from './metrics.js';
import type { Readiness, ReadinessReport } from './readiness.js';

/** The content of `/readyz` and `/metrics`. */
export abstract class Ops {
  abstract report(): Promise<ReadinessReport>;
  /** In the text format of Prometheus. */
  abstract metrics(): Promise<string>;
}

/** The content for a service that runs in one process. */
export class OwnOps extends Ops {
  constructor(
    private readonly readiness: Readiness,
    private readonly own: Metrics,
  ) {
    super();
  }

  report = (): Promise<ReadinessReport> => this.readiness.report();
  metrics = (): Promise<string> => this.own.registry.metrics();
}
