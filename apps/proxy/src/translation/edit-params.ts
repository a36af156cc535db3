import { COMMA, type Edits, isObject, isSpace, ObjectText, type RpcRequest } from '@lethe/mcp';

/** A request, and its bytes as its owner reads them. */
export interface Editable {
  readonly request: RpcRequest;
  readonly body: Buffer;
}

/** A request's bytes with members of its parameters and of their `_meta` changed; an empty `_meta` is left out. */
export function editRequest({ request, body }: Editable, params: Edits, meta: Edits): Buffer {
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
  const value = goes ? spans.get('params._meta') : undefined;
  return value && withoutMember(bytes, '_meta', value.start, value.end);
}

/** An object's bytes without one member, whose value is known; undefined where the name is not written plainly before it. */
function withoutMember(bytes: Buffer, name: string, valueStart: number, valueEnd: number): Buffer | undefined {
  const colon = spaceBefore(bytes, valueStart) - 1;
  const nameEnd = spaceBefore(bytes, colon);
  const quoted = JSON.stringify(name);
  const start = nameEnd - quoted.length;
  if (bytes.toString('latin1', start, nameEnd) !== quoted) return undefined;
  const before = spaceBefore(bytes, start) - 1;
  if (bytes[before] === COMMA) return Buffer.concat([bytes.subarray(0, before), bytes.subarray(valueEnd)]);
  const after = spaceAfter(bytes, valueEnd);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(bytes[after] === COMMA ? after + 1 : valueEnd)]);
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
