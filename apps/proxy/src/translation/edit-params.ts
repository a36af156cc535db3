import { editObject, memberText } from '@lethe/mcp';

/** JSON texts by member; undefined leaves the member out. */
export type Edits = Readonly<Record<string, string | undefined>>;

/** A request's bytes with members of its parameters and of their `_meta` changed; an empty `_meta` is left out. */
export function editRequest(body: Buffer, params: Edits, meta: Edits): Buffer {
  const json = body.toString('utf8');
  const given = memberText(json, 'params') ?? '{}';
  return Buffer.from(editObject(json, { params: editObject(given, { ...params, _meta: editMeta(given, meta) }) }));
}

/** The JSON of an object's `_meta` with members changed; undefined when nothing is left of it. */
export function editMeta(json: string, edits: Edits): string | undefined {
  const meta = editObject(memberText(json, '_meta') ?? '{}', edits);
  return meta === '{}' ? undefined : meta;
}
