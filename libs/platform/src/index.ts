export * from './async.js';
export * from './errors.js';
export { ADMIN_ROLES, type AdminRole, includesRole } from './admin-role.js';
export { ERROR_ADVICE } from './error-advice.js';
export { isAlive } from './is-alive.js';
export { guardMemory } from './process-memory.js';
export { giveBackWhenIdle } from './idle-memory.js';
export { type RoleClaims, roleOf } from './role-claims.js';
export { claimTexts } from './claim-texts.js';
export { nowSeconds } from './now-seconds.js';
export { SETTINGS_TABLE, type LogLevel, type SettingRow } from './settings-table.js';
export { readSettings, isLoopback, Settings } from './settings.config.js';
export { assertSupportedNode } from './node-version.js';
export { VERSION } from './version.js';
export { LineMember } from './logging/line-member.js';
export { LineLog, type LogOutput, standardOutput, type WriteLine } from './logging/line-log.js';
export { createLogger, type LineOrigin, LOGGER, type Logger } from './logging/logger.js';
export { errorFacts, type ErrorFacts } from './logging/error-facts.js';
export { NestLogger } from './logging/nest-logger.js';
export { RecurringFailure } from './logging/recurring-failure.js';
export { RecurringWork } from './logging/recurring-work.js';
export { OpsModule, type OpsOptions } from './ops/ops.module.js';
export { serveOps } from './ops/serve-ops.js';
export { serviceMetrics } from './ops/service-metrics.js';
export { Readiness, type ReadinessCheck, type ReadinessReport } from './ops/readiness.js';
export { Metrics } from './ops/metrics.js';
export type { DurationSeries } from './ops/durations.js';
export { openTracer } from './traces/open-tracer.js';
export { activeSpan } from './traces/active-span.js';
export { type Attributes, type Span, type SpanEnd, type SpanForm, Tracer, TRACER } from './traces/tracer.js';
export { JointMetrics, type MetricValues } from './ops/joint-metrics.js';
export { Ops, OwnOps } from './ops/ops.js';
export { PROBLEM_JSON, problemType, retryAfter, toLetheError, toProblem, type Problem } from './http/problem.js';
export { ProblemFilter } from './http/problem.filter.js';
export { sendProblem } from './http/send-problem.js';
export { brokenRules, validationPipe, type BrokenRule } from './http/validation.js';
export { fastifyOptions, problemErrors, HTTP_SERVER_OPTIONS, type HttpOptions } from './http/fastify-options.js';
export { hasCurrent } from './http/if-none-match.js';
export { acceptJsonBodies } from './http/json-bodies.js';
export { ClientErrors, type RenderedError } from './http/client-errors.js';
export { keepPlace } from './http/connection-places.js';
export { FailedLogins } from './http/failed-logins.js';
export { type AddressedRequest } from './http/caller-addresses.js';
export { RefusedCallers } from './http/refused-callers.js';
export { isClosing, lingerAtEnd } from './http/connection-end.js';
export { type ConnectionLimits, watchConnections } from './http/watch-connections.js';
export { listen, type ListenAddress, listenOn } from './http/listen.js';
export { traceRequests } from './http/request-spans.js';
export { logRequests } from './http/request-log.js';
export {
  END_TIMEOUT_MS,
  type OnServing,
  runMain,
  type RunningService,
  signalled,
  warnAtStart,
} from './running-service.js';
export { StartError } from './start.error.js';
export { writeRuntimeFile } from './runtime-file.js';
export * from './completion.js';
