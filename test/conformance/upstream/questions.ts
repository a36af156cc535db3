import { inputRequired, type InputRequest } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** What the fixture asks of a client's user, model or folders. */
export const askName = (message = 'What is your name?'): InputRequest =>
  inputRequired.elicit({ message, requestedSchema: z.object({ name: z.string() }) });

export const askConfirmation = (): InputRequest =>
  inputRequired.elicit({ message: 'Please confirm', requestedSchema: z.object({ ok: z.boolean() }) });

export const askModel = (question: string, maxTokens = 100): InputRequest =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });

export const askRoots = (): InputRequest => inputRequired.listRoots();
