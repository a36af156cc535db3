import { type Edits, ObjectText } from '@lethe/mcp';

/** A request's bytes with members of its parameters and of their `_meta` changed; an empty `_meta` is left out. */
export function editRequest(body: Buffer, params: Edits, meta: Edits): Buffer {
  const message = new ObjectText(body.toString('utf8'));
  const given = message.object('params');
  return Buffer.from(message.with({ params: given.with({ ...params, _meta: editMeta(given, meta) }) }));
}

/** The JSON of an object's `_meta` with members changed; undefined when nothing is left of it. */
export function editMeta(object: ObjectText, edits: Edits): string | undefined {
  const meta = object.object('_meta').with(edits);
  return meta === '{}' ? undefined : meta;
}
