import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import type { Step } from '../client.js';
import { anthropic } from './anthropic.js';
import { chatCompletions } from './chat-completions.js';
import { gemini } from './gemini.js';
import type { ModelApi, Move } from './model-api.js';
import { Play } from './play.js';
import { responses } from './responses.js';

const APIS: ModelApi[] = [anthropic, chatCompletions, responses, gemini];

/** A model on loopback that speaks the APIs of the known vendors and calls tools by a plan. */
export interface FakeModel {
  /** Without a path: the APIs are told apart by the end of the path. */
  origin: string;
  /** Begins anew, with these calls to make. */
  play(steps: Step[]): Play;
  close(): Promise<void>;
}

/** Starts a model that has no calls to make yet. */
export async function startFakeModel(): Promise<FakeModel> {
  let play = new Play([]);
  const { origin, close } = await listenOnLoopback((request, response) => {
    void bodyOf(request).then((body) => answer(request.url ?? '/', body, play, response));
  });
  return {
    origin,
    close,
    play: (steps) => (play = new Play(steps)),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function answer(url: string, text: string, play: Play, response: ServerResponse): void {
  const path = url.replace(/\?.*$/, '');
  const api = APIS.find((each) => each.path.test(path));
  if (api === undefined) return json(response, SMALL_TALK);
  const body: unknown = text === '' ? {} : JSON.parse(text);
  const { tools, results, isStream } = api.read(body, { path, issued: play.issued });
  const move: Move = tools.length === 0 ? { text: 'DONE' } : play.next(tools, results);
  const reply = api.write(move, body);
  if (!isStream) return json(response, reply.whole);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of reply.events) {
    if (event !== undefined) response.write(`event: ${event}\n`);
    response.write(`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`);
  }
  response.end();
}

/** For what agents ask besides: lists of models, counts of tokens. */
const SMALL_TALK = {
  object: 'list',
  data: [{ id: 'fake-1', object: 'model', owned_by: 'lab', created: 1 }],
  models: [{ name: 'models/fake-1' }],
  input_tokens: 10,
  totalTokens: 10,
};

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
