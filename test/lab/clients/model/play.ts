import type { Step } from '../client.js';
import type { Move, OfferedTool, ToolResult } from './model-api.js';

/** One conversation: the calls that the model makes one after another, and the results that it was shown. */
export class Play {
  /** Ids of the calls made, in order. */
  readonly issued: string[] = [];
  /** By step. */
  readonly results: (string | undefined)[];
  /** Steps whose tool the agent did not offer. */
  private readonly missing = new Set<number>();
  private readonly searched = new Set<number>();
  /** The most tools that the agent offered at once. */
  offered = 0;

  constructor(private readonly steps: Step[]) {
    this.results = steps.map(() => undefined);
  }

  /** Notes the results of this request and decides what comes next. */
  next(tools: OfferedTool[], shown: ToolResult[]): Move {
    this.offered = Math.max(this.offered, tools.length);
    for (const { id, text } of shown) {
      const step = /^call_(\d+)$/.exec(id)?.[1];
      if (step !== undefined) this.results[Number(step)] = text;
    }
    for (const [index, step] of this.steps.entries()) {
      if (this.results[index] !== undefined || this.missing.has(index)) continue;
      const move = this.moveFor(index, step, tools);
      if (move !== undefined) return move;
      this.missing.add(index);
    }
    return { text: 'DONE' };
  }

  private moveFor(index: number, step: Step, tools: OfferedTool[]): Move | undefined {
    const tool = tools.find(({ name }) => isNamedAfter(name, step.tool));
    if (tool !== undefined) return this.issue(`call_${index}`, tool, step.arguments);
    // Some agents hide tools behind a search when there are many.
    const search = tools.find(({ name }) => /tool_?search/i.test(name));
    if (search === undefined || this.searched.has(index)) return undefined;
    this.searched.add(index);
    return this.issue(`search_${index}`, search, { query: step.tool, max_results: 5, limit: 5 });
  }

  private issue(id: string, tool: OfferedTool, given: object): Move {
    if (!this.issued.includes(id)) this.issued.push(id);
    return { id, tool, arguments: given };
  }
}

/** Agents put a prefix before a tool's name and replace characters in it. */
function isNamedAfter(offered: string, tool: string): boolean {
  const plain = (name: string) => name.replaceAll(/[^A-Za-z0-9]+/g, '_');
  return plain(offered) === plain(tool) || plain(offered).endsWith(`_${plain(tool)}`);
}
