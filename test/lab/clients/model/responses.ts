import { type ModelApi, type OfferedTool, textOf } from './model-api.js';

interface ResponsesTool {
  type: string;
  name?: string;
  tools?: { name: string }[];
}
interface ResponsesRequest {
  model?: string;
  stream?: boolean;
  tools?: ResponsesTool[];
  input?: string | { type?: string; call_id?: string; output?: unknown }[];
}

/** OpenAI's Responses API. */
export const responses: ModelApi = {
  path: /\/responses$/,
  read: (given) => {
    const body = given as ResponsesRequest;
    const input = Array.isArray(body.input) ? body.input : [];
    const results = input.filter(({ type = '' }) => type.endsWith('_call_output'));
    return {
      tools: (body.tools ?? []).flatMap(toolsOf),
      results: results.map(({ call_id: id = '', output }) => ({ id, text: textOf(output) })),
      isStream: body.stream === true,
    };
  },
  write: (move, given) => {
    const item =
      'tool' in move
        ? {
            type: 'function_call',
            id: `fc_${move.id}`,
            call_id: move.id,
            ...move.tool,
            arguments: JSON.stringify(move.arguments),
            status: 'completed',
          }
        : {
            type: 'message',
            id: 'msg_1',
            role: 'assistant',
            status: 'completed',
            content: [{ type: 'output_text', text: move.text, annotations: [] }],
          };
    const response = { ...HEAD, model: (given as ResponsesRequest).model, output: [item] };
    const events = [
      { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { ...item, status: 'in_progress' } },
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response },
    ];
    return {
      whole: response,
      events: events.map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index } })),
    };
  },
};

const HEAD = {
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: 15,
  },
  error: null,
  incomplete_details: null,
  tools: [],
  tool_choice: 'auto',
  parallel_tool_calls: true,
};

/** The tools of an entry: a namespace has several. */
function toolsOf({ type, name, tools }: ResponsesTool): OfferedTool[] {
  if (type !== 'namespace') return [{ name: name ?? type }];
  return (tools ?? []).map((tool) => ({ name: tool.name, namespace: name }));
}
