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

  constructor(private readonly steps: Step[]) {
    this.results = steps.map(() => undefined);
  }

  /** Notes the results of this request and decides what comes next. */
  next(tools: OfferedTool[], shown: ToolResult[]): Move {
    for (const { id, text } of shown) {
      const step = /^call_(\d+)$/.exec(id)?.[1];
      if (step !== undefined) this.results[Number(step)] = text;
    }
    for (const [index, step] of this.steps.entries()) {
      if (this.results[index] !== undefined || this.missing.has(index)) continue;
      const move = this.call(index, step, tools) ?? this.search(index, step, tools, shown);
      if (move !== undefined) return move;
      this.missing.add(index);
    }
    return { text: 'DONE' };
  }

  private call(index: number, step: Step, tools: OfferedTool[]): Move | undefined {
    const tool = tools.find(({ name }) => isNamedAfter(name, step.tool));
    return tool && this.issue(`call_${index}`, tool, step.arguments);
  }

  /** Qwen Code hides tools of MCP servers: `tool_search` tells their names, `tool_call` calls them. */
  private search(index: number, step: Step, tools: OfferedTool[], shown: ToolResult[]): Move | undefined {
    const [search, call] = ['tool_search', 'tool_call'].map((name) => tools.find((tool) => tool.name === name));
    if (search === undefined || call === undefined) return undefined;
    const found = shown.find(({ id }) => id === `search_${index}`);
    if (found === undefined) return this.issue(`search_${index}`, search, { query: step.tool });
    const name = found.text.match(/[\w-]+/g)?.find((word) => word !== step.tool && isNamedAfter(word, step.tool));
    return name === undefined ? undefined : this.issue(`call_${index}`, call, { name, arguments: step.arguments });
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
