import type { JsonObject } from '@lethe/contracts';
import { isObject } from './json/value.js';

/** What a tool may say about itself (https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations). */
export const TOOL_HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
/** One of `TOOL_HINTS`. */
export type ToolHint = (typeof TOOL_HINTS)[number];

/** What absent hints mean, by the specification. */
const DEFAULTS: Readonly<Record<ToolHint, boolean>> = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
};

/**
 * The hints of a tool's definition, absent ones by their defaults. By the specification `destructiveHint` and
 * `idempotentHint` mean nothing for a tool that only reads: it destroys nothing, and may be called again.
 */
export function toolHints({ annotations }: JsonObject): Record<ToolHint, boolean> {
  const said = isObject(annotations) ? annotations : {};
  const hint = (name: ToolHint): boolean => {
    const value = said[name];
    return typeof value === 'boolean' ? value : DEFAULTS[name];
  };
  const readOnlyHint = hint('readOnlyHint');
  return {
    readOnlyHint,
    destructiveHint: !readOnlyHint && hint('destructiveHint'),
    idempotentHint: readOnlyHint || hint('idempotentHint'),
    openWorldHint: hint('openWorldHint'),
  };
}
