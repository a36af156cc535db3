import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { createLogger, LOGGER, type Logger } from '../logging/logger.js';
import type { Settings } from '../settings.config.js';
import { openTracer } from '../traces/open-tracer.js';
import { Tracer, TRACER } from '../traces/tracer.js';
import { Metrics } from './metrics.js';
import { Ops, OwnOps } from './ops.js';
import { OpsController } from './ops.controller.js';
import { Readiness, type ReadinessCheck } from './readiness.js';
import { serviceMetrics } from './service-metrics.js';

/** Options of `OpsModule`. */
export interface OpsOptions {
  service: string;
  /** Whether there are traces, and where they go; without, there are none. */
  settings?: Settings;
  /** The application's logger; by default a new one at level info. */
  logger?: Logger;
  /** Initial checks; others are added by `Readiness.register`. */
  checks?: Record<string, ReadinessCheck>;
  /** Replaces the reports of this process if the service runs in several processes. */
  ops?: Ops;
}

/** `/livez`, `/readyz`, `/metrics`, and for injection everywhere: `Readiness`, `Metrics`, `LOGGER`, `TRACER`. */
@Module({})
export class OpsModule implements OnApplicationShutdown {
  constructor(@Inject(TRACER) private readonly tracer: Tracer | undefined) {}

  static forRoot({ service, settings, logger, checks = {}, ops }: OpsOptions): DynamicModule {
    const readiness = new Readiness();
    for (const [name, check] of Object.entries(checks)) readiness.register(name, check);
    return {
      module: OpsModule,
      global: true,
      controllers: [OpsController],
      providers: [
        { provide: Metrics, useFactory: () => serviceMetrics(service, readiness) },
        { provide: Readiness, useValue: readiness },
        {
          provide: Ops,
          inject: [Readiness, Metrics],
          useFactory: (own: Readiness, metrics: Metrics) => ops ?? new OwnOps(own, metrics),
        },
        {
          provide: TRACER,
          inject: [Metrics, LOGGER],
          useFactory: (metrics: Metrics, log: Logger) => openTracer(service, settings, metrics, log),
        },
        { provide: LOGGER, useFactory: () => logger ?? createLogger(service, 'info') },
      ],
      exports: [Metrics, Readiness, LOGGER, TRACER],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.tracer?.close();
  }
}
