import { type ChildProcess, fork, type ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Question } from './answering.js';

const bundles = dirname(process.argv[1] ?? '');

/** A process of the benchmark; what it writes goes to its log, as a service's does. */
export class Child {
  private constructor(
    readonly name: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts `<name>.process.ts` and gives what it says once it is ready. */
  static async start<Ready>(
    name: string,
    logFile: string,
    given: object,
    options: ForkOptions = {},
    folder = bundles,
  ): Promise<{ child: Child; ready: Ready }> {
    const log = openSync(logFile, 'a');
    const file = join(folder, `${name}.process.js`);
    const started = fork(file, [JSON.stringify(given)], { ...options, stdio: ['ignore', log, log, 'ipc'] });
    closeSync(log);
    const child = new Child(name, started);
    return { child, ready: await child.nextMessage<Ready>() };
  }

  get pid(): number {
    return this.process.pid ?? -1;
  }

  async ask<Answer>(question: Question): Promise<Answer> {
    const nextMessage = this.nextMessage<Answer>();
    this.process.send(question);
    return nextMessage;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    this.process.disconnect();
    await exited;
  }

  private nextMessage<Answer>(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const gone = () => reject(new Error(`the process ${this.name} ended`));
      this.process.once('exit', gone);
      this.process.once('message', ({ answer }: { answer: Answer }) => {
        this.process.off('exit', gone);
        resolve(answer);
      });
    });
  }
}
