import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditTrail } from '../audit/trail/audit-trail.service.js';
import type { RequestScope } from '../audit/trail/request-scope.js';

/** The same refusal is recorded once in this time: whoever repeats it must not fill the audit log. */
const EVERY_MS = 60_000;

/** Records which administrators asked for what their role does not allow. */
@Injectable()
export class RefusedRoles {
  private readonly recorded = new LRUCache<string, true>({ max: 10_000, ttl: EVERY_MS });

  constructor(private readonly trail: AuditTrail) {}

  async record(scope: RequestScope): Promise<void> {
    const key = `${scope.actor.id} ${scope.operation}`;
    if (this.recorded.has(key)) return;
    this.recorded.set(key, true);
    await this.trail.refused(scope);
  }
}
