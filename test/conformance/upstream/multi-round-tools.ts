import {
  acceptedContent,
  type CallToolResult,
  inputRequired,
  type InputRequest,
  type InputRequests,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { askConfirmation, askModel, askName, askRoots } from './questions.js';
import { mintState, stepOf } from './request-states.js';
import { text } from './samples.js';

/** Tools that keep a state at the client, ask several things at once, or several times. */
export function addMultiRoundTools(server: McpServer): void {
  const add = (name: string, tool: (context: ServerContext) => Promise<CallToolResult | InputRequiredResult>) =>
    server.registerTool(`test_input_required_result_${name}`, { description: `Asks the client: ${name}` }, tool);
  const confirm = async (context: ServerContext) =>
    stepOf(context) > 0 && acceptedContent(context.mcpReq.inputResponses, 'confirm')
      ? answer('state-ok')
      : askOn(1, { confirm: askConfirmation() });
  add('request_state', confirm);
  add('tampered_state', confirm);
  add('multiple_inputs', async (context) => {
    const questions = { user_name: askName(), greeting: askModel('Generate a greeting', 50), client_roots: askRoots() };
    const responses = context.mcpReq.inputResponses ?? {};
    return Object.keys(questions).every((key) => key in responses) ? answer(responses) : askOn(1, questions);
  });
  add('multi_round', multiRound);
  add('capabilities', (context) => askWhatIsOffered(server, context));
}

async function multiRound(context: ServerContext) {
  const step = stepOf(context);
  const told = acceptedContent(context.mcpReq.inputResponses, `step${step}`);
  if (step === 2 && told) return answer(told);
  if (step === 1 && told) return askOn(2, { step2: askColour() });
  return askOn(1, { step1: askName('Step 1: What is your name?') });
}

const askColour = (): InputRequest =>
  inputRequired.elicit({
    message: 'Step 2: What is your favorite color?',
    requestedSchema: z.object({ color: z.string() }),
  });

/** Asks for each thing that the client declared it can do, and for nothing else. */
async function askWhatIsOffered(server: McpServer, context: ServerContext) {
  const { inputResponses } = context.mcpReq;
  if (inputResponses) return answer(inputResponses);
  const declared = server.server.getClientCapabilities() ?? {};
  return inputRequired({
    inputRequests: {
      ...(declared.sampling && { sample: askModel('Anything to say?') }),
      ...(declared.elicitation && { user_name: askName() }),
      ...(declared.roots && { client_roots: askRoots() }),
    },
  });
}

async function askOn(step: number, inputRequests: InputRequests) {
  return inputRequired({ inputRequests, requestState: await mintState(step) });
}

const answer = (told: unknown) => ({ content: [text(typeof told === 'string' ? told : JSON.stringify(told))] });
