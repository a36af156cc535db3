import { anyCase, httpUrl, oneOf, optional, pairs, ratio, set, text, whole } from '../setting-kinds.js';

const PAIRS = 'must be name=value, separated by commas';
const HEADER_VALUE = /^[\x20-\x7e]*$/;
const ANY_TEXT = /^\P{Cc}*$/u;
/** Those of the standard; Lethe has the first. Clusters set the others for all their services, also where traces are off. */
const PROTOCOLS = ['http/json', 'http/protobuf', 'grpc'] as const;

/** How it is decided which traces are sampled. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * The standard variables of OpenTelemetry that Lethe reads. Upper and lower case are the same in their words.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const OTEL_SETTINGS = {
  /** Some collectors take their key in the URL: never log it. */
  otlpEndpoint: optional(httpUrl(), {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    group: 'traces',
    about: 'Collector that traces are sent to, at its path v1/traces; without it and the next one there are no traces',
    example: 'http://127.0.0.1:4318',
    isSecret: true,
  }),
  /** As the one before. */
  otlpTracesEndpoint: optional(httpUrl(), {
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    group: 'traces',
    about: 'The same as a whole URL, with its path; it has precedence',
    example: 'http://127.0.0.1:4318/v1/traces',
    isSecret: true,
  }),
  /** May contain a credential: never log it. */
  otlpHeaders: optional(pairs(PAIRS, HEADER_VALUE), {
    variable: 'OTEL_EXPORTER_OTLP_HEADERS',
    group: 'traces',
    about: 'Headers for the collector, such as its credential: name=value, separated by commas, values percent-encoded',
    example: 'authorization=Bearer%20token',
    isSecret: true,
  }),
  /** May contain a credential: never log it. */
  otlpTracesHeaders: optional(pairs(PAIRS, HEADER_VALUE), {
    variable: 'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
    group: 'traces',
    about: 'The same; a name in both has this value',
    example: 'authorization=Bearer%20token',
    isSecret: true,
  }),
  otlpProtocol: set(anyCase(oneOf(PROTOCOLS)), 'http/json', {
    variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    group: 'traces',
    about:
      'How traces are sent; http/json is the only one that Lethe has: with another one no service starts that has traces',
  }),
  otlpTracesProtocol: optional(anyCase(oneOf(PROTOCOLS)), {
    variable: 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
    group: 'traces',
    about: 'The same; it has precedence',
    example: 'http/json',
  }),
  otlpTimeoutMs: set(whole(1, 60_000), '10000', {
    variable: 'OTEL_EXPORTER_OTLP_TIMEOUT',
    group: 'traces',
    about: 'Longest wait for an answer of the collector, milliseconds',
  }),
  tracesExporter: optional(anyCase(oneOf(['otlp', 'none'])), {
    variable: 'OTEL_TRACES_EXPORTER',
    group: 'traces',
    about: 'otlp | none; otlp without an endpoint sends to http://localhost:4318',
    example: 'none',
  }),
  otelDisabled: set(anyCase(oneOf(['true', 'false'])), 'false', {
    variable: 'OTEL_SDK_DISABLED',
    group: 'traces',
    about: 'true | false; true turns traces off',
  }),
  sampler: set(anyCase(oneOf(SAMPLERS)), 'parentbased_always_on', {
    variable: 'OTEL_TRACES_SAMPLER',
    group: 'traces',
    about: `${SAMPLERS.join(' | ')}; parentbased_... does as the caller's traceparent says, and decides itself only without one`,
  }),
  samplerRatio: set(ratio(), '1', {
    variable: 'OTEL_TRACES_SAMPLER_ARG',
    group: 'traces',
    about: 'Share of traces that traceidratio samples, 0 to 1',
  }),
  otelServiceName: optional(text(), {
    variable: 'OTEL_SERVICE_NAME',
    group: 'traces',
    about: 'service.name of the traces; otherwise lethe-registry, lethe-connector and lethe-proxy',
    example: 'lethe-proxy',
  }),
  otelResource: optional(pairs(PAIRS, ANY_TEXT), {
    variable: 'OTEL_RESOURCE_ATTRIBUTES',
    group: 'traces',
    about: 'Further attributes of the service: name=value, separated by commas',
    example: 'deployment.environment.name=production',
  }),
  spansDelayMs: set(whole(1, 60_000), '5000', {
    variable: 'OTEL_BSP_SCHEDULE_DELAY',
    group: 'traces',
    about: 'Longest wait of a span before it is sent, milliseconds',
  }),
  spansQueued: set(whole(1, 100_000), '2048', {
    variable: 'OTEL_BSP_MAX_QUEUE_SIZE',
    group: 'traces',
    about: 'Most spans that wait; further ones are dropped and counted',
  }),
  spansPerBatch: set(whole(1, 10_000), '512', {
    variable: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
    group: 'traces',
    about: 'Most spans in one request',
  }),
  batchTimeoutMs: set(whole(1, 600_000), '30000', {
    variable: 'OTEL_BSP_EXPORT_TIMEOUT',
    group: 'traces',
    about: 'How long one batch is tried while the collector can not be reached; then it is dropped, milliseconds',
  }),
};
