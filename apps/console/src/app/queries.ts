import { MutationCache, QueryClient } from '@tanstack/react-query';
import { connection } from '../api/connection.js';
import type { RegistryEvent } from '../api/events.js';
import { Problem } from '../api/problem.js';

const POLL_MS = 15_000;

/** What the console has read. Events say what is out of date; without their stream it is read again every 15 s. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        retry: (failures, error) => !(error instanceof Problem && error.status < 500) && failures < 2,
        refetchInterval: () => (connection() === 'live' ? false : POLL_MS),
        networkMode: 'always',
      },
      // A change whose answer was lost may have been made: the person decides whether to repeat it.
      mutations: { retry: false, networkMode: 'always' },
    },
    mutationCache: new MutationCache(),
  });
}

/** Which queries, by the first part of their key, an event puts out of date. */
const OUT_OF_DATE: Record<RegistryEvent['target']['kind'], readonly string[]> = {
  gateway: ['gateways', 'items', 'servers', 'status', 'overview'],
  verification: ['verifications', 'gateways', 'items', 'overview'],
  server: ['servers', 'status', 'overview'],
  key: ['keys', 'overview'],
  administrator: ['admins', 'whoami'],
};
const TOGETHER_MS = 200;

/** Reads again what events have put out of date, those of a moment together. */
export class Refresher {
  private readonly waiting = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly queries: QueryClient) {}

  note(event: RegistryEvent): void {
    for (const key of OUT_OF_DATE[event.target.kind]) this.waiting.add(key);
    this.waiting.add('audit');
    this.timer ??= setTimeout(() => this.run(), TOGETHER_MS);
  }

  /** Everything may be out of date. */
  all(): void {
    void this.queries.invalidateQueries();
  }

  private run(): void {
    this.timer = undefined;
    for (const key of this.waiting) void this.queries.invalidateQueries({ queryKey: [key] });
    this.waiting.clear();
  }
}
