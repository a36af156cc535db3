import { ObjectText } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { editMeta, editRequest } from './edit-params.js';

describe('editRequest', () => {
  it('changes parameters and their _meta and leaves the rest as it was written', () => {
    const body = Buffer.from('{"id":1.0,"params":{"arguments":{"n":1e2},"task":{},"_meta":{"a":1,"b":2}}}');
    const edited = editRequest(body, { task: undefined }, { a: undefined, c: '3' });
    expect(edited.toString()).toBe('{"id":1.0,"params":{"arguments":{"n":1e2},"_meta":{"b":2,"c":3}}}');
  });

  it('makes parameters where there are none, and leaves out a _meta without members', () => {
    expect(editRequest(Buffer.from('{"id":1}'), {}, { a: '1' }).toString()).toBe('{"id":1,"params":{"_meta":{"a":1}}}');
    expect(editMeta(new ObjectText('{"_meta":{"a":1}}'), { a: undefined })).toBeUndefined();
  });
});
