import { SAMPLED, type TraceContext } from '@lethe/mcp';
import type { TraceSettings } from './trace-settings.js';

/** Decides whether a trace is sampled. */
export type Sampler = (traceId: string, parent: TraceContext | undefined) => boolean;

/** Digits at the end of a trace id that are taken for random: W3C Trace Context level 2 has one more, a number does not. */
const RANDOM_DIGITS = 13;
const RANDOM_RANGE = 16 ** RANDOM_DIGITS;

/** https://opentelemetry.io/docs/specs/otel/trace/sdk/#built-in-samplers */
export function samplerOf({ sampler, samplerRatio }: Pick<TraceSettings, 'sampler' | 'samplerRatio'>): Sampler {
  const bound = sampler.endsWith('always_on') ? 1 : sampler.endsWith('always_off') ? 0 : samplerRatio;
  const root = (traceId: string): boolean =>
    bound === 1 || parseInt(traceId.slice(-RANDOM_DIGITS), 16) < bound * RANDOM_RANGE;
  if (!sampler.startsWith('parentbased_')) return root;
  return (traceId, parent) => (parent ? (parent.flags & SAMPLED) !== 0 : root(traceId));
}
