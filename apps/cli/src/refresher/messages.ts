import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';
import * as z from 'zod/mini';
import { CliError, EXIT_CODES, type ExitKind } from '../errors/cli.error.js';

const MAX_LINE = 65_536;

/** What a process asks the refresher of its person. */
export const wishMessage = z.object({
  id: z.number(),
  wish: z.object({
    server: z.string(),
    gateway: z.string(),
    origin: z.string(),
    rejected: z.optional(z.string()),
    isBound: z.optional(z.boolean()),
    proofs: z.optional(
      z.object({
        url: z.string(),
        methods: z.array(z.string()).check(z.maxLength(16)),
        nonce: z.optional(z.string()),
      }),
    ),
  }),
});

const failure = z.object({ kind: z.string(), code: z.string(), message: z.string(), notes: z.array(z.string()) });

/** What it answers. */
export const answerMessage = z.object({
  id: z.number(),
  token: z.optional(
    z.object({
      accessToken: z.string(),
      expiresAt: z.optional(z.number()),
      proofs: z.optional(z.array(z.string())),
    }),
  ),
  failure: z.optional(failure),
});
/** What the refresher answers. */
export type AnswerMessage = z.infer<typeof answerMessage>;

/** One message, as a line. */
export function lineOf(message: object): string {
  return `${JSON.stringify(message)}\n`;
}

/** Calls back with each line, as JSON. Ends a connection that sends something else. */
export function readLines(socket: Socket, onMessage: (message: unknown) => void): void {
  let pending = 0;
  socket.on('data', (chunk: Buffer) => {
    pending = chunk.includes(10) ? 0 : pending + chunk.length;
    if (pending > MAX_LINE) socket.destroy();
  });
  createInterface({ input: socket }).on('line', (line) => {
    try {
      onMessage(JSON.parse(line));
    } catch {
      socket.destroy();
    }
  });
}

/** An error as it is sent. One that is not for people says nothing about itself. */
export function failureOf(error: unknown): NonNullable<AnswerMessage['failure']> {
  if (!(error instanceof CliError)) {
    return { kind: 'unexpected', code: 'unexpected', message: 'The refresher of logins failed', notes: [] };
  }
  const { kind, code, message, notes } = error;
  return { kind, code, message, notes: [...notes] };
}

/** The error that was sent. */
export function errorOf({ kind, code, message, notes }: NonNullable<AnswerMessage['failure']>): CliError {
  return new CliError(isKind(kind) ? kind : 'unexpected', code, message, notes);
}

function isKind(kind: string): kind is ExitKind {
  return kind in EXIT_CODES && kind !== 'done';
}
