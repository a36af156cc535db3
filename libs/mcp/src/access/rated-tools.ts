import type { Rate, ServerLimits } from '@lethe/contracts';
import { nameMatcher } from '../name-globs.js';

/** One entry of `limits.tools`, ready to be compared with exposed names. */
export interface RatedTools {
  /** Position in `limits.tools`. */
  readonly at: number;
  readonly rate: Rate;
  readonly matches: (tool: string) => boolean;
}

/** The entries of `limits.tools`, in their order. */
export function ratedTools(limits: ServerLimits | undefined): RatedTools[] {
  const entries = limits?.tools ?? [];
  return entries.map(({ names, caller }, at) => ({ at, rate: caller, matches: nameMatcher(names) }));
}
