import { COMMA, type Edits, isObject, isSpace, type MemberSpan, ObjectText, type RpcRequest } from '@lethe/mcp';

/**
 * Edits members of a request's `params` and `params._meta`; an empty `_meta` is removed.
 * @param body the request's bytes, in which the item already has its name at the gateway
 */
export function editRequest(request: RpcRequest, body: Buffer, params: Edits, meta: Edits): Buffer {
  const edited = body === request.bytes ? editMetaAlone(request, params, meta) : undefined;
  if (edited) return edited;
  const message = new ObjectText(body.toString('utf8'));
  const original = message.object('params');
  return Buffer.from(message.with({ params: original.with({ ...params, _meta: editMeta(original, meta) }) }));
}

/** The JSON of an object's `_meta` with members edited; undefined when it is then empty. */
export function editMeta(object: ObjectText, edits: Edits): string | undefined {
  const meta = object.object('_meta').with(edits);
  return meta === '{}' ? undefined : meta;
}

/**
 * Handles the common case without parsing the whole text again: nothing but `_meta` is edited, and its place is known.
 * Undefined in other cases.
 */
function editMetaAlone(request: RpcRequest, params: Edits, meta: Edits): Buffer | undefined {
  const { spans, bytes } = request;
  const span = spans.get('params');
  if (!span || Object.keys(params).some((name) => Object.hasOwn(request.params, name))) return undefined;
  const original = request.params['_meta'];
  if (original === undefined) return withMeta(request, span.end - 1, meta);
  const member = spans.get('params._meta');
  if (!member || !isObject(original)) return undefined;
  const isRemoved = !isAdding(meta) && Object.keys(original).every((name) => Object.hasOwn(meta, name));
  if (isRemoved) return withoutMember(bytes, member);
  const text = new ObjectText(bytes.toString('utf8', member.start, member.end)).with(meta);
  return Buffer.concat([bytes.subarray(0, member.start), Buffer.from(text), bytes.subarray(member.end)]);
}

/** @param end where the members of `params` end */
function withMeta({ bytes, params }: RpcRequest, end: number, meta: Edits): Buffer {
  if (!isAdding(meta)) return bytes;
  const comma = Object.keys(params).length > 0 ? ',' : '';
  const member = Buffer.from(`${comma}"_meta":${new ObjectText('{}').with(meta)}`);
  return Buffer.concat([bytes.subarray(0, end), member, bytes.subarray(end)]);
}

function isAdding(edits: Edits): boolean {
  return Object.values(edits).some((value) => value !== undefined);
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
