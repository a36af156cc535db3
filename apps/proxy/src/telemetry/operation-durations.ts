import type { Metrics } from '@lethe/platform';

/** The bounds that the conventions advise. */
const BOUNDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];
/** Each has as many lines as there are bounds, and more. */
const MAX_SERIES = 500;

/**
 * The durations of calls under the names that OpenTelemetry's conventions have for MCP, as Prometheus writes them. Without
 * the names of tools: there may be thousands.
 * https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md#metrics
 */
export class OperationDurations {
  readonly server;
  readonly client;

  constructor(metrics: Metrics) {
    const bounded = { bounds: BOUNDS, maxSeries: MAX_SERIES };
    this.server = metrics.durations({
      name: 'mcp_server_operation_duration_seconds',
      help: 'From a message of a client to the end of its answer',
      labelNames: ['mcp_method_name', 'error_type'],
      ...bounded,
    });
    this.client = metrics.durations({
      name: 'mcp_client_operation_duration_seconds',
      help: 'From a request to an upstream to the end of its answer',
      labelNames: ['mcp_method_name', 'lethe_gateway', 'error_type'],
      ...bounded,
    });
  }
}
