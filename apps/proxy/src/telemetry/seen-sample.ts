import { MAX_SEEN, type SeenCall, seenText } from '@lethe/contracts';
import type { DecodedRequest } from '../request/mcp-request.js';
import { clientText } from './call-facts.js';
import type { CountNames } from './seen-counts.js';

/** First calls that are reported, however many fail at the same time. */
const MAX_FIRST = 20;

/** What is told of one call, beside the names that it is counted by. */
export interface SampledCall {
  readonly request: DecodedRequest;
  readonly client: string;
  readonly durationMs: number;
  /** In ms of `performance.now()`. */
  readonly endedAt: number;
}

type Ended = Omit<SeenCall, 'ageMs'> & { readonly endedAt: number };

/**
 * A few of the calls since the last report: the first ones of each caller with a method at a gateway, then failures, then any
 * others. Facts of their log lines only.
 */
export class SeenSample {
  private first: Ended[] = [];
  private failed: Ended[] = [];
  private others: Ended[] = [];

  /** Whether a call of this kind may still be reported; asked for every call. */
  wants(isFirst: boolean, isSuccess: boolean): boolean {
    if (!isSuccess) return this.failed.length < MAX_SEEN.calls;
    return this.others.length < MAX_SEEN.calls || (isFirst && this.first.length < MAX_FIRST);
  }

  add(names: CountNames, call: SampledCall, isFirst: boolean): void {
    const ended = toEnded(names, call);
    if (names.outcome !== 'ok') this.failed.push(ended);
    else if (isFirst && this.first.length < MAX_FIRST) this.first.push(ended);
    else this.others.push(ended);
  }

  /** At most `MAX_SEEN.calls`, the oldest first. */
  take(nowMs: number): SeenCall[] {
    const chosen = [...this.first, ...this.failed, ...this.others].slice(0, MAX_SEEN.calls);
    [this.first, this.failed, this.others] = [[], [], []];
    return chosen
      .toSorted((a, b) => a.endedAt - b.endedAt)
      .map(({ endedAt, ...call }) => ({ ...call, ageMs: Math.max(0, Math.round(nowMs - endedAt)) }));
  }
}

function toEnded(names: CountNames, { request, client, durationMs, endedAt }: SampledCall): Ended {
  const { server, gateway, method, outcome, limit } = names;
  const item = request.target?.item;
  const isNamed = item?.kind === 'tool' || item?.kind === 'prompt';
  return {
    ...{ server, gateway, method, outcome, limit, durationMs, endedAt },
    caller: seenText(request.caller.id),
    item: isNamed ? seenText(item.exposed) : '',
    client: seenText(clientText(client)),
  };
}
