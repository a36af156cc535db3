import type { ItemKind } from '@lethe/contracts';
import { HINTS } from '../command-line/curation-values.js';

/** Flags that narrow rules of `include`. */
export interface RuleLimits {
  withTag?: string[];
  withHint?: string[];
}

/** A rule of `include` for one gateway. */
export interface GatewayRule extends RuleMembers {
  gateway: string;
  kinds?: ItemKind[];
  names?: string[];
}

interface RuleMembers {
  tags?: string[];
  annotations?: Record<string, boolean>;
}

/** What the flags add to a rule. */
export function ruleLimits({ withTag, withHint }: RuleLimits): RuleMembers {
  const annotations = Object.fromEntries((withHint ?? []).flatMap((word) => (HINTS[word] ? [HINTS[word]] : [])));
  return { ...(withTag && { tags: withTag }), ...(withHint && { annotations }) };
}
