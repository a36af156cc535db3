import { COMMA, type Edits, isObject, isSpace, type MemberSpan, ObjectText, type RpcRequest } from '@lethe/mcp';

/** A request's bytes, as its gateway reads them, with members of its parameters and of their `_meta` changed; an empty `_meta` is left out. */
export function editRequest(request: RpcRequest, body: Buffer, params: Edits, meta: Edits): Buffer {
  const edited = body === request.bytes ? editMetaAlone(request, params, meta) : undefined;
  if (edited) return edited;
  const message = new ObjectText(body.toString('utf8'));
  const given = message.object('params');
  return Buffer.from(message.with({ params: given.with({ ...params, _meta: editMeta(given, meta) }) }));
}

/** The JSON of an object's `_meta` with members changed; undefined when nothing is left of it. */
export function editMeta(object: ObjectText, edits: Edits): string | undefined {
  const meta = object.object('_meta').with(edits);
  return meta === '{}' ? undefined : meta;
}

/**
 * The usual case, without reading the text anew: a whole `_meta` comes to the parameters or goes from them, and nothing else
 * is edited. Undefined where it is not so.
 */
function editMetaAlone(request: RpcRequest, params: Edits, meta: Edits): Buffer | undefined {
  const { spans, bytes } = request;
  const span = spans.get('params');
  if (!span || Object.keys(params).some((name) => Object.hasOwn(request.params, name))) return undefined;
  const given = request.params['_meta'];
  const added = Object.values(meta).some((value) => value !== undefined);
  if (given === undefined) {
    if (!added) return bytes;
    const comma = Object.keys(request.params).length > 0 ? ',' : '';
    const member = Buffer.from(`${comma}"_meta":${new ObjectText('{}').with(meta)}`);
    const end = span.end - 1;
    return Buffer.concat([bytes.subarray(0, end), member, bytes.subarray(end)]);
  }
  const goes = !added && isObject(given) && Object.keys(given).every((name) => Object.hasOwn(meta, name));
  const member = goes ? spans.get('params._meta') : undefined;
  return member && withoutMember(bytes, member);
}

function withoutMember(bytes: Buffer, { from, end }: MemberSpan): Buffer {
  const before = spaceBefore(bytes, from) - 1;
  if (bytes[before] === COMMA) return Buffer.concat([bytes.subarray(0, before), bytes.subarray(end)]);
  const after = spaceAfter(bytes, end);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(bytes[after] === COMMA ? after + 1 : end)]);
}

function spaceBefore(bytes: Buffer, end: number): number {
  let at = end;
  while (isSpace(bytes[at - 1] ?? 0)) at -= 1;
  return at;
}

function spaceAfter(bytes: Buffer, start: number): number {
  let at = start;
  while (isSpace(bytes[at] ?? 0)) at += 1;
  return at;
}
