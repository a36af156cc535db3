import { fork, type ChildProcess, type SendHandle } from 'node:child_process';
import { dirname, join } from 'node:path';

/** How a one-shot process ended, and when its end was seen. */
export interface ProcessEnd {
  how: 'exited' | 'killed';
  at: Date;
}

/** Older versions of Node.js have no permission for the network. */
const NETWORK_FLAG = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : [];

/**
 * A process for one credential. It has an empty environment and no standard streams. It may use the network and read
 * its own folder, and nothing else. No signal can open a debugger in it.
 */
export class OneShotProcess<In extends object, Out extends { kind: string }> {
  /** Resolves when the process is gone; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;

  constructor(childFile: string, role: 'slot' | 'door', onMessage: (message: Out) => void) {
    this.child = fork(childFile, [role], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      execArgv: [
        '--permission',
        ...NETWORK_FLAG,
        `--allow-fs-read=${join(dirname(childFile), '*')}`,
        '--disable-sigusr1',
        '--max-old-space-size=64',
      ],
    });
    this.child.on('message', (message) => {
      if (isMessage<Out>(message)) onMessage(message);
    });
    this.ended = whenGone(this.child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Does nothing if the process is already gone; `ended` shows that. */
  send(message: In, handle?: SendHandle): void {
    if (!this.child.connected) return;
    this.child.send(message, handle, () => undefined);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Kills the process if it has not exited by itself in time. */
  endWithin(graceMs: number): Promise<ProcessEnd> {
    const overdue = setTimeout(() => this.kill(), graceMs);
    return this.ended.finally(() => clearTimeout(overdue));
  }
}

/** Waits for the exit and for the end of the channel, which may still contain messages then. */
async function whenGone(child: ChildProcess): Promise<ProcessEnd> {
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const end = await new Promise<ProcessEnd>((resolve) => {
    // A process that could not be started never exits.
    child.on('error', () => {
      if (child.pid === undefined) resolve({ how: 'exited', at: new Date() });
    });
    child.once('exit', (_code, signal) => resolve({ how: signal === null ? 'exited' : 'killed', at: new Date() }));
  });
  if (child.pid !== undefined && child.connected) await disconnected;
  return end;
}

/** The process runs our code but has read from a stranger, so its messages are checked. */
function isMessage<T extends { kind: string }>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}
