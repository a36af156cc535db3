import { type ModelApi, textOf } from './model-api.js';

interface Block {
  type: string;
  tool_use_id?: string;
  content?: unknown;
}
interface MessagesRequest {
  model?: string;
  stream?: boolean;
  tools?: { name: string }[];
  messages?: { content: string | Block[] }[];
}

/** Anthropic's Messages API. */
export const anthropic: ModelApi = {
  path: /\/messages$/,
  read: (given) => {
    const body = given as MessagesRequest;
    const blocks = (body.messages ?? []).flatMap(({ content }) => (typeof content === 'string' ? [] : content));
    const results = blocks.filter(({ type }) => type === 'tool_result');
    return {
      tools: body.tools ?? [],
      results: results.map(({ tool_use_id: id = '', content }) => ({ id, text: textOf(content) })),
      isStream: body.stream === true,
    };
  },
  write: (move, given) => {
    const isCall = 'tool' in move;
    const block = isCall
      ? { type: 'tool_use', id: move.id, name: move.tool.name, input: {} }
      : { type: 'text', text: '' };
    const delta = isCall
      ? { type: 'input_json_delta', partial_json: JSON.stringify(move.arguments) }
      : { type: 'text_delta', text: move.text };
    const stop = { stop_reason: isCall ? 'tool_use' : 'end_turn', stop_sequence: null };
    const usage = { input_tokens: 10, output_tokens: 5 };
    const { model } = given as MessagesRequest;
    const start = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [], usage };
    const whole = isCall ? { ...block, input: move.arguments } : { ...block, text: move.text };
    const events = [
      { type: 'message_start', message: { ...start, stop_reason: null, stop_sequence: null } },
      { type: 'content_block_start', index: 0, content_block: block },
      { type: 'content_block_delta', index: 0, delta },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: stop, usage },
      { type: 'message_stop' },
    ];
    return {
      whole: { ...start, content: [whole], ...stop },
      events: events.map((data) => ({ event: data.type, data })),
    };
  },
};
