import { BUCKETS, type ServerAccess } from '@lethe/contracts';
import { neededHeaders } from '@lethe/mcp';
import { Database } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { Injectable } from '@nestjs/common';
import { StoredItem } from '../catalogue/catalogue-item.entity.js';
import { toItem } from '../catalogue/catalogue-store.js';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { CallerKey } from '../keys/caller-key.entity.js';
import { LiveProxies } from '../proxies/live-proxies.service.js';
import { ServerGateways } from '../servers/server-gateways.service.js';
import type { VirtualServer } from '../servers/server.entity.js';
import type { ServerDetails } from '../servers/server.view.js';
import { ServersService } from '../servers/servers.service.js';
import type { ExplainDto } from './explain.dto.js';
import type { ExplanationView } from './explain.view.js';
import { explainKept, keptReason } from './explain-kept.js';
import { findItem, type FoundItem, type ItemSearch } from './find-item.js';
import { keyProblem } from './key-problem.js';
import { EXPLAIN_REASONS, type ExplainReason } from './reasons.js';
import { hintsReadOnly, refusalByRoles } from './roles.js';

/** Explains calls without making them: from what is stored, and from what proxies have reported. */
@Injectable()
export class ExplainService {
  constructor(
    private readonly database: Database,
    private readonly servers: ServersService,
    private readonly gateways: ServerGateways,
    private readonly proxies: LiveProxies,
  ) {}

  /** @throws LetheError `not_found`; `invalid_request` with neither name nor URI */
  async explain(ref: string, dto: ExplainDto): Promise<ExplanationView> {
    const details = await this.servers.find(ref);
    const { server } = details;
    const asked = dto.name ?? dto.uri;
    if (asked === undefined)
      throw new LetheError('invalid_request', { errors: [{ field: 'name', rule: 'name_or_uri' }] });
    const found = findItem(details, dto.kind, asked);
    const members = await this.gateways.membersOf(server);
    const gatewayId = 'item' in found ? found.item.gatewayId : found.gatewayId;
    const gateway = members.find((member) => member.gateway.id === gatewayId);
    const { kept, reasons: ofCaller } = await this.callerReasons(details, found, gateway, dto);
    const reasons = [...(server.enabled ? [] : ['server_off' as const]), ...itemReasons(found, gateway), ...ofCaller];
    const item = 'item' in found ? found.item : undefined;
    return {
      item: item ? { kind: item.kind, exposed: item.exposed, own: item.own, by: item.by } : null,
      gateway: gateway ? toGateway(gateway) : null,
      allowed: reasons.length === 0,
      reasons: reasons.map((code) => ({ code, text: EXPLAIN_REASONS[code] })),
      ...('nearest' in found && found.nearest !== undefined && { nearest: found.nearest }),
      admission: admissionOf(server.access),
      // With `kept` alone, a header for the gateway is refused.
      headers: gateway && kept?.use !== 'kept' ? headersOf(gateway, server.shortForm, isSentKept(kept)) : [],
      kept,
      revision: server.revision,
      proxies: this.servingProxies(server),
    };
  }

  private async callerReasons(
    details: ServerDetails,
    found: ItemSearch,
    gateway: GatewayDetails | undefined,
    { key: id, roles = [] }: ExplainDto,
  ): Promise<{ kept: ExplanationView['kept']; reasons: ExplainReason[] }> {
    const key = id === undefined ? null : await this.database.read((em) => em.findOne(CallerKey, { id }));
    const problem = id === undefined ? undefined : keyProblem(key, details.server, new Date());
    if (!('item' in found)) return { kept: null, reasons: problem ? [problem] : [] };
    const held = id === undefined ? roles : (key?.roles ?? []);
    const hintsReadOnly = await this.hintsReadOnly(found.item, gateway);
    const refusal = refusalByRoles(details, found.item, held, hintsReadOnly);
    const kept = gateway ? explainKept(details, gateway, found.item, { roles: held, hintsReadOnly }) : null;
    return { kept, reasons: [problem, refusal ?? keptReason(kept)].filter((reason) => reason !== undefined) };
  }

  private async hintsReadOnly(
    { kind, gatewayId, own }: FoundItem,
    gateway: GatewayDetails | undefined,
  ): Promise<boolean> {
    if (kind !== 'tool' || gateway?.gateway.trustHints !== true) return false;
    const item = await this.database.read((em) => em.findOne(StoredItem, { gatewayId, kind, own }));
    return item !== null && hintsReadOnly(toItem(item), gateway.gateway);
  }

  private servingProxies({ slug, revision }: VirtualServer): ExplanationView['proxies'] {
    const serving = this.proxies.serving({ bucket: BUCKETS.servers, key: slug, revision });
    return serving.map(({ host, revision: own, opensKept }) => ({
      ...{ host, revision: own ?? null, isCurrent: own === revision, opensKept },
    }));
  }
}

function itemReasons(found: ItemSearch, gateway: GatewayDetails | undefined): ExplainReason[] {
  if ('reason' in found) return [found.reason];
  return gateway?.gateway.enabled === false ? ['gateway_off'] : [];
}

function toGateway({ gateway: { slug, name }, config }: GatewayDetails): ExplanationView['gateway'] {
  return { slug, name, origin: new URL(config.url).origin };
}

function admissionOf(access: ServerAccess): ExplanationView['admission'] {
  if (access === 'open') return null;
  return { header: 'Authorization', scheme: 'bearer', holds: access === 'key' ? 'key' : 'token' };
}

/** Whether a call has the kept credential if the caller sends none. */
function isSentKept(kept: ExplanationView['kept']): boolean {
  return kept?.isGranted === true && kept.state === 'usable';
}

function headersOf(
  { gateway, config }: GatewayDetails,
  shortForm: Record<string, string>,
  isOptional: boolean,
): ExplanationView['headers'] {
  const { id, slug } = gateway;
  const needed = neededHeaders([{ id, slug, passthroughHeaders: config.mappings }], shortForm);
  return needed.map(({ exact, short, scheme, required, header }, index) => {
    const query = config.mappings[index]?.to?.query;
    return {
      exact,
      ...(short !== undefined && { short }),
      ...(scheme !== undefined && { scheme }),
      required: required && !isOptional,
      gateway: slug,
      origin: new URL(config.url).origin,
      to: query === undefined ? { header } : { query },
    };
  });
}
