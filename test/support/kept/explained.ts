import type { GatewayDetails } from '../../../apps/registry/src/gateways/gateway.view.js';
import type { ServerDetails } from '../../../apps/registry/src/servers/server.view.js';
import type { ExplanationView } from '../../../apps/registry/src/explain/explain.view.js';
import { NOT_SAID, type RandomGateway, type RandomServer } from './random-servers.js';
import type { Outcome } from './rule.js';

const IN_A_DAY = new Date(Date.now() + 86_400_000);
const idOf = (slug: string): string => `id-${slug}`;

/** A virtual server as the registry stores it, as far as explanations read it: gateways by their ids. */
export function storedServer({ access, grants, gateways }: RandomServer): ServerDetails {
  const server = {
    access,
    grants: grants?.map((grant) => ({ ...grant, ...(grant.gateways && { gateways: grant.gateways.map(idOf) }) })),
    items: gateways.flatMap(({ slug, items }) =>
      items.flatMap(({ kind, own: name, readOnly }) =>
        readOnly === undefined ? [] : [{ gateway: idOf(slug), kind, name, readOnly }],
      ),
    ),
    credentials: gateways.flatMap(({ slug, use }) => (use ? [{ gateway: idOf(slug), use }] : [])),
  };
  const names = gateways.flatMap(({ slug, items }) =>
    items.map(({ kind, own }) => ({ kind, own, exposed: own, gatewayId: idOf(slug), chosen: false, current: true })),
  );
  return { server, names } as unknown as ServerDetails;
}

/** What is kept for a gateway, as the registry stores it. */
export function storedKept({ slug, state }: RandomGateway): Pick<GatewayDetails, 'gateway' | 'kept'> {
  const row = {
    ...{ keptRevision: 1, configRevision: state === 'changed' ? 2 : 1, keptBy: { kind: 'administrator' } },
    ...{ expiresAt: state === 'expired' ? new Date(0) : IN_A_DAY, keptAt: new Date(0) },
  };
  const isKept = !NOT_SAID.has(state);
  const details = {
    gateway: { id: idOf(slug), currentRevision: 1 },
    kept: isKept ? { row, isGenuine: true } : undefined,
  };
  return details as unknown as Pick<GatewayDetails, 'gateway' | 'kept'>;
}

/** What an explanation says of it, and of why a call would be refused. */
export interface Told {
  kept: ExplanationView['kept'];
  reason: string | undefined;
}

/** What an explanation tells somebody who asks whose credential a call has. */
export function toldBy({ kept, reason }: Told, own: Outcome, isSent: boolean): Outcome {
  if (reason === 'not_granted') return 'item_unknown';
  if (kept?.use === 'kept' && isSent) return 'kept_credential_only';
  if (!kept || isSent) return own;
  if (reason === 'kept_unusable') return 'gateway_unavailable';
  return reason ?? (kept.isGranted ? 'KEPT' : own);
}
