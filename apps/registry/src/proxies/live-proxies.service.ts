import type { RoutesApplied } from '@lethe/contracts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/** Proxies answer a digest every 15 s; one that missed two is taken for gone. */
const LIVE_MS = 40_000;
/** How long to wait for a first proxy: it may be starting, or this registry is and has heard of none yet. */
const FIRST_PROXY_MS = 2_000;
/** Replicas that are waited for at most, each worker for itself. */
const MAX_PROXIES = 1_000;
/** Entries that are remembered of one proxy. Only recent ones are waited for. */
const MAX_ENTRIES = 5_000;

/** A published entry at a revision. */
export interface PublishedEntry {
  bucket: string;
  key: string;
  revision: number;
}

interface LiveProxy {
  seenAt: number;
  appliesGrants: boolean;
  /** Revisions in effect by bucket and key, the oldest report first. */
  readonly applied: Map<string, number>;
}

/** Which proxies live, and what they have applied. Only what they reported: nothing is stored. */
@Injectable()
export class LiveProxies implements OnModuleDestroy {
  private readonly proxies = new Map<string, LiveProxy>();
  private readonly waiting = new Set<() => void>();
  private isEnding = false;

  note({ proxy, applied, isLeaving = false, appliesGrants = false }: RoutesApplied): void {
    this.forgetGone();
    if (isLeaving) this.proxies.delete(proxy);
    else if (this.proxies.has(proxy) || this.proxies.size < MAX_PROXIES) this.update(proxy, applied, appliesGrants);
    for (const check of this.waiting) check();
  }

  /**
   * Resolves with true when all live proxies have applied the entries, with false after `waitMs`. Without any proxy, it does
   * not wait for longer than one takes to report.
   */
  confirmed(entries: PublishedEntry[], waitMs: number): Promise<boolean> {
    // A proxy that starts later begins with what is published then.
    const proxies = this.live();
    if (proxies.length > 0) return this.until(() => proxies.every((id) => this.hasApplied(id, entries)), waitMs);
    return this.until(() => this.live().some((id) => this.hasApplied(id, entries)), Math.min(waitMs, FIRST_PROXY_MS));
  }

  /** The hosts of live proxies that have not applied the entries. */
  behind(entries: PublishedEntry[]): string[] {
    return hostsOf(this.live().filter((id) => !this.hasApplied(id, entries)));
  }

  /** The hosts of live proxies that serve everybody everything, whatever is granted. */
  withoutGrants(): string[] {
    return hostsOf(this.live().filter((id) => this.proxies.get(id)?.appliesGrants !== true));
  }

  /** Who waits gets the answer without the confirmation: the change is made. */
  onModuleDestroy(): void {
    this.isEnding = true;
    for (const check of this.waiting) check();
  }

  private update(id: string, applied: readonly string[], appliesGrants: boolean): void {
    const proxy = this.proxies.get(id) ?? { seenAt: 0, appliesGrants, applied: new Map<string, number>() };
    proxy.seenAt = Date.now();
    proxy.appliesGrants = appliesGrants;
    for (const line of applied) remember(proxy.applied, line);
    this.proxies.set(id, proxy);
  }

  private live(): string[] {
    this.forgetGone();
    return [...this.proxies.keys()];
  }

  /** A proxy that was killed says nothing, and has another id when it starts again. */
  private forgetGone(): void {
    const since = Date.now() - LIVE_MS;
    for (const [id, { seenAt }] of this.proxies) if (seenAt < since) this.proxies.delete(id);
  }

  /** A proxy that left meanwhile serves nobody, so nothing is missing there. */
  private hasApplied(id: string, entries: PublishedEntry[]): boolean {
    const proxy = this.proxies.get(id);
    const isApplied = ({ bucket, key, revision }: PublishedEntry): boolean =>
      (proxy?.applied.get(`${bucket} ${key}`) ?? -1) >= revision;
    return proxy === undefined || entries.every(isApplied);
  }

  private until(isTrue: () => boolean, waitMs: number): Promise<boolean> {
    if (isTrue() || this.isEnding) return Promise.resolve(isTrue());
    return new Promise((resolve) => {
      const end = (result: boolean): void => {
        clearTimeout(timer);
        this.waiting.delete(check);
        resolve(result);
      };
      const check = (): void => {
        if (isTrue() || this.isEnding) end(isTrue());
      };
      const timer = setTimeout(() => end(false), waitMs);
      this.waiting.add(check);
    });
  }
}

function hostsOf(ids: readonly string[]): string[] {
  return [...new Set(ids.map((id) => id.slice(0, Math.max(0, id.lastIndexOf('/')))))].filter(Boolean);
}

function remember(applied: Map<string, number>, line: string): void {
  const [bucket = '', key = '', revision = ''] = line.split(' ');
  const entry = `${bucket} ${key}`;
  applied.delete(entry);
  applied.set(entry, Number(revision));
  const [oldest] = applied.size > MAX_ENTRIES ? applied.keys() : [];
  if (oldest !== undefined) applied.delete(oldest);
}
