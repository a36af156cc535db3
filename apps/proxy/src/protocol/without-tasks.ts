import { editObject, isObject, memberText, META, type RpcRequest } from '@lethe/mcp';

/** Tasks are not carried on: an upstream that is not offered them must not answer with one (extension, tasks). */
const TASKS = 'io.modelcontextprotocol/tasks';

/** A modern request that does not offer tasks; its bytes as they came unless it did. */
export function withoutTasks({ params }: RpcRequest, body: Buffer): Buffer {
  const meta = params['_meta'];
  const offered = isObject(meta) ? meta[META.clientCapabilities] : undefined;
  const extensions = isObject(offered) ? offered['extensions'] : undefined;
  if (!isObject(extensions) || !Object.hasOwn(extensions, TASKS)) return body;
  const path = ['params', '_meta', META.clientCapabilities, 'extensions', TASKS];
  return Buffer.from(withoutAt(body.toString('utf8'), path));
}

function withoutAt(json: string, [name, ...rest]: readonly string[]): string {
  if (name === undefined) return json;
  const inner = memberText(json, name);
  return editObject(json, { [name]: inner === undefined || rest.length === 0 ? undefined : withoutAt(inner, rest) });
}
