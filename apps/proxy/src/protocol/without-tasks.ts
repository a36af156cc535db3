import { editObject, isObject, memberText, META, type RpcRequest } from '@lethe/mcp';

/** Lethe does not relay tasks. An upstream may respond with a task only if the client declared this extension. */
const TASKS = 'io.modelcontextprotocol/tasks';

/** Removes the tasks extension from the client capabilities of a modern request; other requests stay unchanged. */
export function withoutTasks({ params }: RpcRequest, body: Buffer): Buffer {
  const meta = params['_meta'];
  const capabilities = isObject(meta) ? meta[META.clientCapabilities] : undefined;
  const extensions = isObject(capabilities) ? capabilities['extensions'] : undefined;
  if (!isObject(extensions) || !Object.hasOwn(extensions, TASKS)) return body;
  const path = ['params', '_meta', META.clientCapabilities, 'extensions', TASKS];
  return Buffer.from(withoutAt(body.toString('utf8'), path));
}

function withoutAt(json: string, [name, ...rest]: readonly string[]): string {
  if (name === undefined) return json;
  const inner = memberText(json, name);
  return editObject(json, { [name]: inner === undefined || rest.length === 0 ? undefined : withoutAt(inner, rest) });
}
