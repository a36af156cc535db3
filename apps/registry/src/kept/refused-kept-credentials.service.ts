import type { KeptCredentialRefused } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { proxyActor } from '../audit/trail/actor.js';
import { Findings } from '../audit/trail/findings.service.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { KeptCredential } from '../gateways/kept-credential.entity.js';

/** Writes to the audit log which kept credentials proxies do not use. */
@Injectable()
export class RefusedKeptCredentials {
  constructor(private readonly findings: Findings) {}

  note({ gatewayId: id, keptRevision, code, proxy }: KeptCredentialRefused): void {
    this.findings.note({
      ...{ actor: proxyActor(proxy), operation: 'keptCredentialRefused', key: id, after: { code, keptRevision } },
      about: async (em) => {
        const gateway = await em.findOne(Gateway, { id });
        if (!gateway) return undefined;
        if (code === 'kept_unbound' && (await isForEarlier(em, gateway, keptRevision))) return undefined;
        return { target: { kind: 'gateway', id, slug: gateway.slug } };
      },
    });
  }
}

/** Whether it is the one that is kept, and the gateway has been changed since: that is shown with the gateway, and nobody's attack. */
async function isForEarlier(em: EntityManager, gateway: Gateway, keptRevision: number): Promise<boolean> {
  const row = await em.findOne(KeptCredential, { gatewayId: gateway.id });
  return row?.keptRevision === keptRevision && row.configRevision !== gateway.currentRevision;
}
