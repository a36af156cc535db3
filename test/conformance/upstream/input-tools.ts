import {
  type ElicitRequestFormParams,
  inputRequired,
  type InputRequest,
  inputResponse,
  type InputResponseView,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { DEFAULTS_FORM, ENUMS_FORM, RESPONSE_FORM } from './forms.js';
import { askModel, askName, askRoots } from './questions.js';
import { text } from './samples.js';

/** Tools that ask one thing, then answer with what they were told. */
export function addInputTools(server: McpServer): void {
  const asking = (name: string, key: string, question: InputRequest) =>
    server.registerTool(name, { description: `Asks the client for ${key}` }, (context) => ask(context, key, question));
  asking('test_input_required_result_elicitation', 'user_name', askName());
  asking('test_input_required_result_sampling', 'capital_question', askModel('What is the capital of France?'));
  asking('test_input_required_result_list_roots', 'client_roots', askRoots());
  asking('test_missing_capability', 'sample', askModel('Is anybody there?'));
  asking('test_elicitation_sep1034_defaults', 'form', form(DEFAULTS_FORM));
  asking('test_elicitation_sep1330_enums', 'form', form(ENUMS_FORM));
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the user', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => ask(context, 'response', form({ ...RESPONSE_FORM, message })),
  );
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => ask(context, 'completion', askModel(prompt)),
  );
  server.registerTool('test_streaming_elicitation', { description: 'Streams, then asks' }, async (context) => {
    await context.mcpReq.notify({
      method: 'notifications/progress',
      params: { progressToken: context.mcpReq._meta?.progressToken ?? 'none', progress: 1 },
    });
    return ask(context, 'user_name', askName());
  });
}

const form = (params: ElicitRequestFormParams): InputRequest => inputRequired.elicit(params);

function ask(context: ServerContext, key: string, question: InputRequest) {
  const response = inputResponse(context.mcpReq.inputResponses, key);
  if (response.kind === 'missing') return inputRequired({ inputRequests: { [key]: question } });
  return { content: [text(told(response))] };
}

function told(response: InputResponseView): string {
  switch (response.kind) {
    case 'elicit':
      return `User response: action=${response.action}, content=${JSON.stringify(response.content ?? {})}`;
    case 'sampling':
      return `LLM response: ${JSON.stringify(response.result.content)}`;
    default:
      return JSON.stringify(response);
  }
}
