import { randomBytes } from 'node:crypto';
import { createRequestStateCodec, type ServerContext } from '@modelcontextprotocol/server';

const codec = createRequestStateCodec<{ step: number }>({ key: randomBytes(32) });

/** A signed note to the server itself: how many questions were asked. */
export const mintState = (step: number): Promise<string> => codec.mint({ step });

export const verifyState = (state: string, context: ServerContext): Promise<{ step: number }> =>
  codec.verify(state, context);

export const stepOf = (context: ServerContext): number => context.mcpReq.requestState<{ step: number }>()?.step ?? 0;
