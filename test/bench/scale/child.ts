import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../../support/processes.js';

/** A process of a benchmark that answers questions by IPC, and may report things without a request. */
export interface Child {
  readonly pid: number;
  ask<T>(question: string, given?: unknown): Promise<T>;
  /** What it reports without a request. */
  onReport(listener: (reported: unknown) => void): void;
  stop(): Promise<void>;
}

interface Answered {
  readonly answers: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** Starts `<name>.process.ts`; stderr passes through. */
export function startChild(name: string, args: readonly string[] = [], options: ForkOptions = {}): Child {
  const child = fork(join(ROOT, 'dist/bench/scale', `${name}.process.js`), [...args], {
    ...options,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Set<(reported: unknown) => void>();
  child.on('message', (message: Answered | { reported: unknown }) => {
    if ('reported' in message) return listeners.forEach((listener) => listener(message.reported));
    const asked = waiting.get(message.answers);
    waiting.delete(message.answers);
    if (message.error === undefined) asked?.resolve(message.value);
    else asked?.reject(new Error(`${name}: ${message.error}`));
  });
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${name} ended: ${code ?? signal}`));
  });
  let asked = 0;
  return {
    pid: child.pid ?? 0,
    ask: <T>(question: string, given?: unknown) =>
      new Promise<T>((resolve, reject) => {
        const id = ++asked;
        waiting.set(id, { resolve: (value) => resolve(value as T), reject });
        child.send({ id, question, given });
      }),
    onReport: (listener) => void listeners.add(listener),
    stop: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** The other side: answers each question by the function of its name, one after the other or side by side. */
export function answerQuestions(answers: Record<string, (given: never) => unknown>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', ({ id, question, given }: { id: number; question: string; given: never }) => {
    void (async () => answers[question]?.(given))().then(
      (value) => process.send?.({ answers: id, value }),
      (error: unknown) => process.send?.({ answers: id, error: error instanceof Error ? error.stack : String(error) }),
    );
  });
}

export function report(reported: unknown): void {
  process.send?.({ reported });
}

/** Milliseconds on the clock that all processes of this machine share. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}
