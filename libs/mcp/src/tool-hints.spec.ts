import { describe, expect, it } from 'vitest';
import { toolHints } from './tool-hints.js';

describe('hints of a tool', () => {
  it('are those that it has, and otherwise the defaults of the specification', () => {
    const byDefault = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true };
    expect(toolHints({})).toEqual(byDefault);
    expect(toolHints({ annotations: { readOnlyHint: 'yes', destructiveHint: null } })).toEqual(byDefault);
    expect(toolHints({ annotations: { destructiveHint: false, openWorldHint: false } })).toEqual({
      ...byDefault,
      ...{ destructiveHint: false, openWorldHint: false },
    });
  });

  it('never call a tool destructive that only reads', () => {
    expect(toolHints({ annotations: { readOnlyHint: true, destructiveHint: true, idempotentHint: false } })).toEqual({
      ...{ readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    });
  });
});
