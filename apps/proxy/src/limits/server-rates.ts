import type { Rate, ServerLimits } from '@lethe/contracts';
import { type RatedTools, ratedTools } from '@lethe/mcp';

/** A limit for the calls of one tool, by the name that errors and logs have for it. */
export interface AppliedRate {
  readonly limit: 'caller' | 'tools';
  /** Tells it apart from the other limits of its virtual server. */
  readonly key: string;
  readonly rate: Rate;
}

/** The limits of one virtual server, ready to be applied. */
export class ServerRates {
  private readonly tools: readonly RatedTools[];
  private readonly known = new Map<string, readonly AppliedRate[]>();

  constructor(private readonly limits: ServerLimits) {
    this.tools = ratedTools(limits);
  }

  /** @param tool the exposed name of a tool that exists, so that no caller can fill the memory */
  of(tool: string): readonly AppliedRate[] {
    const known = this.known.get(tool);
    if (known) return known;
    const { caller } = this.limits;
    const ofTools = this.tools
      .filter(({ matches }) => matches(tool))
      .map(({ at, rate }): AppliedRate => ({ limit: 'tools', key: keyOf(`tools ${at}`, rate), rate }));
    const ofAll: AppliedRate[] = caller ? [{ limit: 'caller', key: keyOf('caller', caller), rate: caller }] : [];
    const rates = [...ofAll, ...ofTools];
    this.known.set(tool, rates);
    return rates;
  }
}

/** A limit that is changed counts anew; one that stays goes on when the virtual server is published again. */
function keyOf(name: string, rate: Rate): string {
  return `${name} ${JSON.stringify(rate)}`;
}
