import type { JsonObject, JsonValue } from '@lethe/contracts';
import { SDK_CLIENTS, type SdkClient, type SdkClientName } from './sdk-clients.js';

/** One thing that a client asks of a server. */
export type Step = { tool: string; arguments?: JsonObject } | { uri: string } | { prompt: string; arguments?: object };

/** What is asked of one server; the lists are always asked for. */
export interface Questions {
  call: Step;
  read?: Step;
  prompt?: Step;
  /** Steps of which a later one needs what an earlier one left in the session. */
  state?: readonly Step[];
  /** A tool that asks the client by elicitation. */
  ask?: Step;
}

/** What one client sees of one endpoint, as JSON; an error is `{ error: { code, message } }`. */
export type Observation = Readonly<Record<string, JsonValue>>;

type Client = SdkClient['client'];

/** What takes longer than this is not answered. */
const LIMIT_MS = 10_000;

/** A tool that no server has. */
const UNKNOWN_TOOL: Step = { tool: 'there-is-no-such-tool' };

/** Connects, asks everything, and closes the session. */
export async function observe(
  url: string,
  as: SdkClientName,
  questions: Questions,
  headers: Record<string, string> = {},
): Promise<Observation> {
  let connected: SdkClient;
  try {
    connected = await SDK_CLIENTS[as](url, headers);
  } catch (error) {
    return { refused: errorOf(error) };
  }
  try {
    return await ask(connected, questions);
  } finally {
    await endSession(connected.client);
  }
}

async function ask({ client, protocolVersion }: SdkClient, questions: Questions): Promise<Observation> {
  const { call, read, prompt, state = [], ask: question } = questions;
  const offered = client.getServerCapabilities() ?? {};
  const identity = {
    protocolVersion,
    serverInfo: plain(client.getServerVersion()),
    capabilities: plain(offered),
    instructions: plain(client.getInstructions()),
  };
  const lists = {
    tools: offered.tools ? await listed('tools', (page) => client.listTools(page)) : null,
    resources: offered.resources ? await listed('resources', (page) => client.listResources(page)) : null,
    templates: offered.resources
      ? await listed('resourceTemplates', (page) => client.listResourceTemplates(page))
      : null,
    prompts: offered.prompts ? await listed('prompts', (page) => client.listPrompts(page)) : null,
  };
  const steps: JsonValue[] = [];
  for (const step of state) steps.push(await take(client, step));
  return {
    ...{ ...identity, ...lists },
    call: await take(client, call),
    unknownTool: await take(client, UNKNOWN_TOOL),
    read: read && isFilled(lists.resources) ? await take(client, read) : null,
    prompt: prompt && isFilled(lists.prompts) ? await take(client, prompt) : null,
    state: steps,
    ask: question ? await take(client, question) : null,
  };
}

const isFilled = (list: JsonValue): boolean => Array.isArray(list) && list.length > 0;

/** A list with all its pages. */
async function listed(
  member: string,
  list: (page: { cursor?: string }) => Promise<{ [member: string]: unknown; nextCursor?: string }>,
): Promise<JsonValue> {
  const items: JsonValue[] = [];
  try {
    for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
      const page = await list(cursor === undefined ? {} : { cursor });
      const part = plain(page[member]);
      if (Array.isArray(part)) items.push(...part);
      cursor = page.nextCursor;
    }
    return items;
  } catch (error) {
    return errorOf(error);
  }
}

async function take(client: Client, step: Step): Promise<JsonValue> {
  try {
    return plain(await inTime(carryOut(client, step)));
  } catch (error) {
    return errorOf(error);
  }
}

async function inTime<T>(working: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(new Error(`no answer within ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    return await Promise.race([working, limit]);
  } finally {
    clearTimeout(late);
  }
}

function carryOut(client: Client, step: Step): Promise<unknown> {
  if ('uri' in step) return client.readResource(step);
  if ('prompt' in step) return client.getPrompt({ name: step.prompt, arguments: { ...step.arguments } });
  return client.callTool({ name: step.tool, arguments: step.arguments ?? {} });
}

/** Ends the session as the legacy transport does it; in the modern era there is none. */
async function endSession(client: Client): Promise<void> {
  const { transport } = client;
  if (transport && 'terminateSession' in transport && typeof transport.terminateSession === 'function') {
    const end: () => Promise<void> = transport.terminateSession.bind(transport);
    await end().catch(() => undefined);
  }
  await client.close();
}

function errorOf(error: unknown): JsonObject {
  const { code, message } = error instanceof Error ? { code: undefined, ...plainError(error) } : {};
  return { error: { ...(code !== undefined && { code }), message: message ?? String(error) } };
}

function plainError(error: Error): { code?: JsonValue; message: string } {
  return { message: error.message, ...('code' in error && { code: plain(error.code) }) };
}

function plain(value: unknown): JsonValue {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as JsonValue);
}
