import { BUCKETS, type RoutesApplied } from '@lethe/contracts';
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

/** What is known of a live proxy. */
export interface ProxyState {
  /** Name of its host. */
  host: string;
  seenAt: Date;
  /** The newest revision when its routes were last found to be current; undefined while they have not been. */
  confirmedRevision: number | undefined;
  /** Whether it opens kept credentials. */
  opensKept: boolean;
}

/** Which revision of an entry a proxy has in effect; undefined while it is not known. */
export interface ServingProxy {
  host: string;
  revision: number | undefined;
  /** Whether it opens kept credentials. */
  opensKept: boolean;
}

interface LiveProxy {
  seenAt: number;
  appliesGrants: boolean;
  opensKept: boolean;
  confirmedRevision: number | undefined;
  /** Revisions in effect by bucket and key, the oldest report first. */
  readonly applied: Map<string, number>;
}

/** Which proxies live, and what they have applied. Only what they reported: nothing is stored. */
@Injectable()
export class LiveProxies implements OnModuleDestroy {
  private readonly proxies = new Map<string, LiveProxy>();
  private readonly waiting = new Set<() => void>();
  private isEnding = false;

  note(notice: RoutesApplied): void {
    const { proxy, isLeaving = false } = notice;
    this.forgetGone();
    if (isLeaving) this.proxies.delete(proxy);
    else if (this.proxies.has(proxy) || this.proxies.size < MAX_PROXIES) this.update(notice);
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

  /** The hosts of live proxies of releases that know neither grants nor a key's end before its expiry. */
  outdated(): string[] {
    return hostsOf(this.live().filter((id) => this.proxies.get(id)?.appliesGrants !== true));
  }

  /** The live proxies, by host. */
  states(): ProxyState[] {
    const states = this.live().flatMap((id) => {
      const proxy = this.proxies.get(id);
      if (proxy === undefined) return [];
      const { seenAt, confirmedRevision, opensKept } = proxy;
      return [{ host: hostOf(id), seenAt: new Date(seenAt), confirmedRevision, opensKept }];
    });
    return states.toSorted((a, b) => a.host.localeCompare(b.host));
  }

  /** By live proxy, the newest revision of an entry that it is known to have in effect; `revision` is the published one. */
  serving({ bucket, key, revision }: PublishedEntry): ServingProxy[] {
    const concerned = this.live().filter((id) => bucket !== BUCKETS.kept || this.proxies.get(id)?.opensKept === true);
    return concerned.map((id) => {
      const proxy = this.proxies.get(id);
      const { applied, confirmedRevision = -1, opensKept = false } = proxy ?? { applied: new Map<string, number>() };
      const known = Math.max(applied.get(`${bucket} ${key}`) ?? -1, confirmedRevision >= revision ? revision : -1);
      return { host: hostOf(id), revision: known === -1 ? undefined : known, opensKept };
    });
  }

  /** Who waits gets the answer without the confirmation: the change is made. */
  onModuleDestroy(): void {
    this.isEnding = true;
    for (const check of this.waiting) check();
  }

  private update({ proxy: id, applied, confirmedRevision, ...notice }: RoutesApplied): void {
    const { appliesGrants = false, opensKept = false } = notice;
    const unknown = { confirmedRevision: undefined, applied: new Map<string, number>() };
    const proxy: LiveProxy = { ...(this.proxies.get(id) ?? unknown), appliesGrants, opensKept, seenAt: Date.now() };
    proxy.confirmedRevision = confirmedRevision ?? proxy.confirmedRevision;
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

  /** A proxy that left meanwhile serves nobody, so nothing is missing there; nor are kept credentials where none is opened. */
  private hasApplied(id: string, entries: PublishedEntry[]): boolean {
    const proxy = this.proxies.get(id);
    if (proxy === undefined) return true;
    const { applied, opensKept } = proxy;
    return entries.every(
      ({ bucket, key, revision }) =>
        (applied.get(`${bucket} ${key}`) ?? -1) >= revision || (bucket === BUCKETS.kept && !opensKept),
    );
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
  return [...new Set(ids.map(hostOf))].filter(Boolean);
}

/** A replica's id begins with the name of its host. */
function hostOf(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf('/')));
}

function remember(applied: Map<string, number>, line: string): void {
  const [bucket = '', key = '', revision = ''] = line.split(' ');
  const entry = `${bucket} ${key}`;
  applied.delete(entry);
  applied.set(entry, Number(revision));
  const [oldest] = applied.size > MAX_ENTRIES ? applied.keys() : [];
  if (oldest !== undefined) applied.delete(oldest);
}
