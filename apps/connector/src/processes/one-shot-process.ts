import { fork, type ChildProcess, type SendHandle } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** How a one-shot process ended, and when its end was seen. */
export interface ProcessEnd {
  how: 'exited' | 'killed';
  at: Date;
}

/** Flags that this Node may lack: older ones have no network permission to give. */
const NETWORK_FLAG = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ['--allow-net'] : [];

/**
 * One process for one credential. It starts with an empty environment, without standard streams, may use the network and
 * read its own folder, and nothing else; a signal can't open a debugger in it.
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

  /** A process that is already gone hears nothing; its end tells. */
  send(message: In, handle?: SendHandle): void {
    if (!this.child.connected) return;
    this.child.send(message, handle, () => undefined);
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Kills it if it has not ended by itself by then. */
  endWithin(graceMs: number): Promise<ProcessEnd> {
    const overdue = setTimeout(() => this.kill(), graceMs);
    return this.ended.finally(() => clearTimeout(overdue));
  }
}

/** The channel may still hold messages when the process has exited: both must be over. */
async function whenGone(child: ChildProcess): Promise<ProcessEnd> {
  const disconnected = new Promise<void>((resolve) => child.once('disconnect', resolve));
  const end = await new Promise<ProcessEnd>((resolve) => {
    // A process that could not be started has no exit.
    child.on('error', () => {
      if (child.pid === undefined) resolve({ how: 'exited', at: new Date() });
    });
    child.once('exit', (_code, signal) => resolve({ how: signal === null ? 'exited' : 'killed', at: new Date() }));
  });
  if (child.pid !== undefined && child.connected) await disconnected;
  return end;
}

/** The child is this program's own, but it has talked to a stranger: only what has the form of a message counts. */
function isMessage<T extends { kind: string }>(value: unknown): value is T {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

/** Core dumps of this process and of those it starts hold no memory (Linux, core(5)); elsewhere nothing can be done. */
export function excludeMemoryFromCoreDumps(): boolean {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
    return true;
  } catch {
    return false;
  }
}
