import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson } from '@lethe/mcp';
import { type ChangeObserver, Database, type RowChange, withinTransaction } from '@lethe/persistence';
import { canonicalJson, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { withoutCredentials } from '../../rest/clear-credential.js';
import { REGISTRY } from './actor.js';
import { appendEntries, type AuditPart, type AuditRecord } from './audit-chain.js';
import type { AuditedKind, AuditedView, Cause, TargetKind } from './audited-kind.js';
import { type Finding, isDue } from './finding.js';
import { type RequestScope, requestScope } from './request-scope.js';

/** Injection token of all `AuditedKind`s. */
export const AUDITED_KINDS = Symbol('AUDITED_KINDS');

/** A target that the running transaction changes. */
interface Touched {
  kind: AuditedKind;
  id: string;
  before: AuditedView | undefined;
}

/**
 * Writes the audit log: for every target that a transaction has changed, one entry in the same transaction. It watches the
 * rows that are written, so no service and no route can forget it.
 */
@Injectable()
export class AuditTrail implements ChangeObserver {
  private readonly partBy = new WeakMap<EntityManager, AuditPart>();
  private readonly listeners = new Set<(part: AuditPart) => void>();
  private readonly touchedBy = new WeakMap<EntityManager, Map<string, Touched>>();

  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    @Inject(AUDITED_KINDS) private readonly kinds: readonly AuditedKind[],
  ) {
    // The first administrator is made before Nest calls `onModuleInit`.
    database.observe(this);
    database.onCommit((em) => this.told(em));
  }

  async willWrite(em: EntityManager, changes: readonly RowChange[]): Promise<void> {
    const touched = this.touchedBy.get(em) ?? new Map<string, Touched>();
    this.touchedBy.set(em, touched);
    for (const change of changes) {
      for (const kind of this.kinds) {
        const id = kind.targetOf(change);
        const key = `${kind.kind} ${id}`;
        if (id === undefined || touched.has(key)) continue;
        touched.set(key, { kind, id, before: await kind.view(withinTransaction(em), id) });
      }
    }
  }

  async willCommit(em: EntityManager): Promise<void> {
    const touched = [...(this.touchedBy.get(em)?.values() ?? [])];
    if (touched.length === 0) return;
    const reading = withinTransaction(em);
    const scope = requestScope();
    const cause = scope ? undefined : await causeOf(reading, touched);
    const records: AuditRecord[] = [];
    for (const { kind, id, before } of touched) {
      const after = await kind.view(reading, id);
      const change = { before: contentOf(before), after: contentOf(after) };
      if (canonicalJson(change.before) === canonicalJson(change.after)) continue;
      const target = { kind: kind.kind, id, slug: (after ?? before)?.slug ?? null };
      records.push({ ...origin(scope, cause, change, target.kind), outcome: 'done', target, ...change });
    }
    if (records.length > 0) await this.append(em, records);
  }

  /** Records that an administrator asked for what their role does not allow. */
  async refused({ actor, operation, requestId }: RequestScope): Promise<void> {
    const record = { actor, operation, requestId, target: null, before: null, after: null };
    await this.database.transaction((em) => this.append(em, [{ ...record, outcome: 'role_required' }]));
  }

  /** Records what was refused, unless the log has it already, or has enough of the kind. */
  found({ about, actor, operation, after }: Finding): Promise<'due' | 'known' | 'too_many'> {
    return this.database.transaction(async (em) => {
      const found = await about(em);
      if (!found) return 'known';
      const record = { ...found, actor, operation, outcome: 'refused' as const, before: null, after, requestId: null };
      const result = await isDue(em, record, new Date());
      if (result === 'due') await this.append(em, [record]);
      return result;
    });
  }

  /** A target as entries name it. */
  async targetOf(em: EntityManager, kind: TargetKind, id: string): Promise<AuditRecord['target']> {
    const view = await this.kinds.find((each) => each.kind === kind)?.view(em, id);
    return { kind, id, slug: view?.slug ?? null };
  }

  /** Calls `listener` with what this process has appended to the log, as soon as it is committed. */
  onWritten(listener: (part: AuditPart) => void): void {
    this.listeners.add(listener);
  }

  private async append(em: EntityManager, records: readonly AuditRecord[]): Promise<void> {
    this.partBy.set(em, await appendEntries(em, this.trust.rowsMac(), records));
  }

  private told(em: EntityManager): void {
    const part = this.partBy.get(em);
    if (part) for (const listener of this.listeners) listener(part);
  }
}

/** Who did it, and by which operation. */
function origin(
  scope: RequestScope | undefined,
  cause: Cause | undefined,
  { before, after }: Pick<AuditRecord, 'before' | 'after'>,
  kind: string,
): Pick<AuditRecord, 'actor' | 'operation' | 'requestId'> {
  if (scope) return scope;
  const verb = before === null ? 'created' : after === null ? 'removed' : 'changed';
  return { actor: REGISTRY, operation: `${kind}.${verb}`, ...cause, requestId: null };
}

async function causeOf(em: EntityManager, touched: readonly Touched[]): Promise<Cause | undefined> {
  for (const { kind, id } of touched) {
    const cause = await kind.causeOf?.(em, id);
    if (cause) return cause;
  }
  return undefined;
}

/** As JSON. What looks like a credential is not in it, even where the API has taken it for a name. */
function contentOf(view: AuditedView | undefined): JsonObject | null {
  if (view === undefined) return null;
  const json = parseJson(JSON.stringify(view.content));
  return isObject(json) ? withoutCredentials(json) : null;
}
