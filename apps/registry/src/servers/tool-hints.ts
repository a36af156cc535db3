import type { CatalogueItem } from '@lethe/contracts';
import { TOOL_HINTS, toolHints, type ToolHint } from '@lethe/mcp';

/** Hints that a rule asks for. */
export type ToolHints = Partial<Record<ToolHint, boolean>>;

/** Whether a tool says all of this about itself, in each era in which clients get it. Other items say nothing. */
export function hasHints({ kind, definition, legacyDefinition }: CatalogueItem, wanted: ToolHints): boolean {
  if (kind !== 'tool') return false;
  return [definition, legacyDefinition ?? definition].every((each) => {
    const said = toolHints(each);
    return TOOL_HINTS.every((hint) => wanted[hint] === undefined || wanted[hint] === said[hint]);
  });
}
