import type { Rate, ServerLimits } from '@lethe/contracts';
import { type RatedTools, ratedTools } from '@lethe/mcp';

/** A limit for the calls of one tool, by the name that errors and logs have for it. */
export interface AppliedRate {
  readonly limit: 'caller' | 'tools';
  /** Tells it apart from the other limits of its virtual server. */
  readonly key: string;
  readonly rate: Rate;
}

/** All limits for the calls of one tool. It is the same object for tools of one gateway with the same limits. */
export interface ToolRates {
  readonly rates: readonly AppliedRate[];
  readonly gatewayId: string;
}

/** The limits of one virtual server, ready to be applied. */
export class ServerRates {
  private readonly tools: readonly RatedTools[];
  private readonly byTool = new Map<string, ToolRates>();
  private readonly byContent = new Map<string, ToolRates>();

  constructor(private readonly limits: ServerLimits) {
    this.tools = ratedTools(limits);
  }

  /** @param tool the exposed name of a tool that exists, so that no caller can fill the memory */
  of(tool: string, gatewayId: string): ToolRates {
    return this.byTool.get(tool) ?? this.remember(tool, { rates: this.applied(tool), gatewayId });
  }

  private remember(tool: string, rates: ToolRates): ToolRates {
    const content = JSON.stringify([rates.gatewayId, ...rates.rates.map(({ key }) => key)]);
    const shared = this.byContent.get(content) ?? rates;
    this.byContent.set(content, shared);
    this.byTool.set(tool, shared);
    return shared;
  }

  private applied(tool: string): AppliedRate[] {
    const { caller } = this.limits;
    const ofTools = this.tools
      .filter(({ matches }) => matches(tool))
      .map(({ at, rate }): AppliedRate => ({ limit: 'tools', key: keyOf(`tools ${at}`, rate), rate }));
    const ofAll: AppliedRate[] = caller ? [{ limit: 'caller', key: keyOf('caller', caller), rate: caller }] : [];
    return [...ofAll, ...ofTools];
  }
}

/** A limit that is changed counts anew; one that stays goes on when the virtual server is published again. */
function keyOf(name: string, rate: Rate): string {
  return `${name} ${JSON.stringify(rate)}`;
}
