import {
  acceptedContent,
  completable,
  inputRequired,
  type GetPromptResult,
  type McpServer,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { embedded, image, text } from './samples.js';

type Content = GetPromptResult['messages'][number]['content'];

const messages = (...contents: Content[]): GetPromptResult => ({
  messages: contents.map((content) => ({ role: 'user', content })),
});

/** Prompts with and without arguments, one whose arguments can be completed, and one that asks for input. */
export function addPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'Simple' }, () =>
    messages(text('This is a simple prompt for testing.')),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'With an image' }, () =>
    messages(image, text('Please analyze the image above.')),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      messages(
        embedded(resourceUri, 'Embedded resource content for testing.'),
        text('Please process the embedded resource above.'),
      ),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'With arguments', argsSchema: z.object({ arg1: places(), arg2: z.string() }) },
    ({ arg1, arg2 }) => messages(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)),
  );
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks first' }, (context) => {
    const told = acceptedContent(context.mcpReq.inputResponses, 'user_context');
    return told ? messages(text(`In the context of ${JSON.stringify(told)}`)) : askContext();
  });
}

const places = () =>
  completable(z.string(), (begun) => ['paris', 'park', 'party', 'testing'].filter((place) => place.startsWith(begun)));

const askContext = () =>
  inputRequired({
    inputRequests: {
      user_context: inputRequired.elicit({
        message: 'What context should the prompt use?',
        requestedSchema: z.object({ context: z.string() }),
      }),
    },
  });
