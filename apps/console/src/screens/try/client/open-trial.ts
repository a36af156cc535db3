import './without-eval.js';
import { isObject } from '@lethe/mcp';
import {
  Client,
  LOG_LEVEL_META_KEY,
  ProtocolError,
  StreamableHTTPClientTransport,
  UriTemplate,
} from '@modelcontextprotocol/client';
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker';
import type { JsonObject } from '@lethe/contracts';
import { listAll } from './list-offered.js';
import { type Call, type Era, Refused, type Trial, type TrialOptions } from './trial.js';
import { type WatchedFetch, watchedFetch } from './watched-fetch.js';

/** People answer questions in it, and long tools take their time. Whoever waits can cancel. */
const TIMEOUT_MS = 3_600_000;
const MODERN = '2026-07-28';
const IDENTITY = { name: 'lethe-console', title: 'Lethe console', version: '1' };
/** Structured results are checked by the page itself, which runs no regular expression of a stranger. */
const anything = new CfWorkerJsonSchemaValidator();
const unchecked = { getValidator: <T>() => anything.getValidator<T>({}) };

/**
 * Connects an MCP client to a virtual server and lists what it offers. It answers elicitation, by asking the person, and
 * offers nothing else of a client: requests for completions of a model (sampling) are refused.
 * @throws Refused, or an error of the network or of the SDK
 */
export async function openTrial(options: TrialOptions): Promise<Trial> {
  const watched = watchedFetch(new URL(options.url).origin, options.onExchange);
  const client = newClient(options);
  const transport = new StreamableHTTPClientTransport(new URL(options.url), {
    requestInit: { headers: options.headers },
    fetch: watched.fetch,
  });
  return refusing(watched, async () => {
    await client.connect(transport);
    if (client.getServerCapabilities()?.logging && options.era === 'legacy')
      await client.request({ method: 'logging/setLevel', params: { level: 'debug' } });
    const items = await listAll(client);
    return {
      era: options.era,
      protocolVersion: client.getNegotiatedProtocolVersion() ?? '',
      serverName: client.getServerVersion()?.title ?? client.getServerVersion()?.name ?? '',
      items,
      run: (call, signal) => refusing(watched, () => run(client, options, call, signal)),
      close: async () => {
        // Ends a session of the legacy era, too.
        await transport.terminateSession().catch(() => undefined);
        await client.close();
      },
    };
  });
}

function newClient({ era, ask, onNotice }: TrialOptions): Client {
  const client = new Client(IDENTITY, {
    capabilities: { elicitation: { form: {}, url: {} } },
    versionNegotiation: { mode: modeOf(era) },
    jsonSchemaValidator: unchecked,
    listMaxPages: 0,
  });
  client.setRequestHandler('elicitation/create', async ({ params }, { mcpReq: { signal } }) => {
    const { message } = params;
    if (params.mode === 'url') {
      const { action } = await ask({ mode: 'url', message, url: params.url }, signal);
      return { action };
    }
    const schema: unknown = params.requestedSchema;
    const answer = await ask({ mode: 'form', message, schema: isObject(schema) ? schema : {} }, signal);
    return { action: answer.action, ...(answer.content && { content: flat(answer.content) }) };
  });
  client.setNotificationHandler('notifications/message', ({ params: { level, data } }) =>
    onNotice({ kind: 'log', level, text: typeof data === 'string' ? data : (JSON.stringify(data) ?? '') }),
  );
  return client;
}

function modeOf(era: Era): 'legacy' | { pin: typeof MODERN } {
  return era === 'legacy' ? 'legacy' : { pin: MODERN };
}

async function run(client: Client, options: TrialOptions, call: Call, signal: AbortSignal): Promise<JsonObject> {
  const result: unknown = await send(client, options, call, signal);
  return isObject(result) ? result : {};
}

async function send(client: Client, { era, onNotice }: TrialOptions, call: Call, signal: AbortSignal): Promise<object> {
  const options = {
    signal,
    timeout: TIMEOUT_MS,
    onprogress: ({ progress, total, message }: { progress: number; total?: number; message?: string }) =>
      onNotice({ kind: 'progress', progress, total, message }),
  };
  const meta = era === 'modern' && { _meta: { [LOG_LEVEL_META_KEY]: 'debug' } };
  switch (call.kind) {
    case 'tool':
      return client.callTool({ name: call.name, arguments: call.arguments, ...meta }, options);
    case 'prompt':
      return client.getPrompt({ name: call.name, arguments: textsOf(call.arguments), ...meta }, options);
    default:
      return client.readResource({ uri: uriOf(call), ...meta }, { ...options, cacheMode: 'bypass' });
  }
}

function uriOf({ kind, name, arguments: values }: Call): string {
  return kind === 'resourceTemplate' ? new UriTemplate(name).expand(textsOf(values)) : name;
}

/** What a form of elicitation may hold: texts, numbers, yes or no, and lists of texts. */
function flat(content: JsonObject): Record<string, FlatValue> {
  const members = Object.entries(content).map(([name, value]): [string, FlatValue | undefined] => {
    if (Array.isArray(value)) return [name, value.filter((each) => typeof each === 'string')];
    return [name, value === null || typeof value === 'object' ? undefined : value];
  });
  return Object.fromEntries(members.filter((member): member is [string, FlatValue] => member[1] !== undefined));
}

type FlatValue = string | number | boolean | string[];

function textsOf(values: JsonObject): Record<string, string> {
  const texts = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return Object.fromEntries<string>(texts);
}

/** Runs something; a JSON-RPC error becomes `Refused`, also one that came with an HTTP status. */
async function refusing<T>(watched: WatchedFetch, action: () => Promise<T>): Promise<T> {
  watched.takeRefusal();
  try {
    return await action();
  } catch (error) {
    const told = watched.takeRefusal();
    if (told) throw told;
    if (!(error instanceof ProtocolError)) throw error;
    throw new Refused(error.code, error.message, isObject(error.data) ? error.data : {}, undefined);
  }
}
