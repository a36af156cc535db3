import { type ModelApi, textOf } from './model-api.js';

interface ChatRequest {
  model?: string;
  stream?: boolean;
  tools?: { function: { name: string } }[];
  messages?: { role: string; tool_call_id?: string; content?: unknown }[];
}

/** OpenAI's Chat Completions API. */
export const chatCompletions: ModelApi = {
  path: /\/chat\/completions$/,
  read: (given) => {
    const body = given as ChatRequest;
    const results = (body.messages ?? []).filter(({ role }) => role === 'tool');
    return {
      tools: (body.tools ?? []).map(({ function: { name } }) => ({ name })),
      results: results.map(({ tool_call_id: id = '', content }) => ({ id, text: textOf(content) })),
      isStream: body.stream === true,
    };
  },
  write: (move, given) => {
    const isCall = 'tool' in move;
    const call = isCall && {
      index: 0,
      id: move.id,
      type: 'function',
      function: { name: move.tool.name, arguments: JSON.stringify(move.arguments) },
    };
    const message = call
      ? { role: 'assistant', content: null, tool_calls: [call] }
      : { role: 'assistant', content: 'text' in move ? move.text : '' };
    const reason = { finish_reason: isCall ? 'tool_calls' : 'stop' };
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
    const head = { id: 'chatcmpl-1', created: 1, model: (given as ChatRequest).model };
    const chunk = { ...head, object: 'chat.completion.chunk' };
    return {
      whole: { ...head, object: 'chat.completion', choices: [{ index: 0, message, ...reason }], usage },
      events: [
        { data: { ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] } },
        { data: { ...chunk, choices: [{ index: 0, delta: {}, ...reason }], usage } },
        { data: '[DONE]' },
      ],
    };
  },
};
