import { setTimeout as wait } from 'node:timers/promises';
import { type SseEvent, SseSplitter } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import { eventResponse, type EventResponse } from '../registry/list-responses.js';
import { queryString } from '../registry/query-string.js';
import type { RegistryClient } from '../registry/registry-client.js';
import { columns } from '../terminal/printable.js';
import type { Terminal } from '../terminal/terminal.js';
import { interruptible } from './interrupt.js';
import { type CommonFlags, registryFor, type RunContext, terminalFor } from './run-context.js';

/** Flags of `lethe events`. */
export interface EventFlags extends CommonFlags {
  since?: number;
  target?: string;
  limit?: number;
}

const AGAIN_MS = 2_000;

/** `lethe events`: prints what happens until Ctrl-C. A connection that breaks is made again, and nothing is missed. */
export async function followEvents(context: RunContext, flags: EventFlags): Promise<void> {
  const client = await registryFor(context, flags);
  await interruptible((signal) => new EventFollower(client, terminalFor(context, flags), flags, signal).follow());
}

/** Reads one stream after the other. */
class EventFollower {
  private last: string | undefined;
  private printed = 0;

  constructor(
    private readonly client: RegistryClient,
    private readonly terminal: Terminal,
    private readonly flags: EventFlags,
    private readonly signal: AbortSignal,
  ) {
    this.last = flags.since === undefined ? undefined : String(flags.since);
  }

  async follow(): Promise<void> {
    for (let round = 0; !this.isOver; round += 1) {
      try {
        await this.readStream();
      } catch (error) {
        if (this.isOver) return;
        // A wrong address or token is no connection that broke.
        if (round === 0 || !isUnreachable(error)) throw error;
        this.terminal.note('The registry does not answer; it is asked again.');
      }
      if (!this.isOver) await wait(AGAIN_MS, undefined, { signal: this.signal }).catch(() => undefined);
    }
  }

  private get isOver(): boolean {
    const { limit = Infinity } = this.flags;
    return this.signal.aborted || this.printed >= limit;
  }

  private async readStream(): Promise<void> {
    const path = `/events${queryString({ target: this.flags.target })}`;
    const stream = await this.client.events(path, { lastEventId: this.last, signal: this.signal });
    const splitter = new SseSplitter();
    try {
      for await (const part of stream) {
        for (const event of part instanceof Uint8Array ? splitter.push(part) : []) this.take(event);
        if (this.isOver) return;
      }
    } catch {
      // It broke off: the next one goes on after the last event.
    } finally {
      stream.destroy();
    }
  }

  private take({ event: type = 'message', data, id }: SseEvent): void {
    if (id !== undefined) this.last = id;
    if (data === undefined || this.isOver) return;
    const event = eventResponse.parse(JSON.parse(data));
    this.terminal.printJsonLine({ ...event, type });
    for (const line of columns([rowOf(type, event)])) this.terminal.print(line);
    this.printed += 1;
  }
}

function rowOf(type: string, { at = '', target, state, code }: EventResponse): string[] {
  if (type === 'reset') return [at, type, 'events before this one are not known any more: read again what you show'];
  const what = target ? `${target.kind} ${target.slug ?? target.id}` : '';
  return [at, type.padEnd(24), what, [state, code].filter((text) => text !== undefined).join(' ')];
}

function isUnreachable(error: unknown): boolean {
  return error instanceof CliError && error.code === 'registry_unreachable';
}
