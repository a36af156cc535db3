import type { CredentialLife } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { GatewayDetailsQuery } from '../gateways/gateway-details.service.js';
import { findGateway } from '../gateways/gateway-rows.js';
import { DEFAULT_MAPPINGS } from '../gateways/gateway-rules.js';
import { ChangeGatewayDto } from '../gateways/gateway.dto.js';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { registeredMetadata } from '../gateways/gateway-metadata.js';
import { GatewaysService } from '../gateways/gateways.service.js';
import { type CatalogueReason, CatalogueTransfer, type ProvenCatalogue } from './catalogue-transfer.service.js';
import type { Exported } from './document.js';
import { exportedGateway, GATEWAY_FIELDS } from './exported-gateway.js';
import { fieldChanges } from './field-changes.js';
import type { ImportGatewayDto } from './import.dto.js';
import type { PlannedObjectView } from './plan.view.js';
import { changeTo } from './wanted-fields.js';

/** What a gateway should be, without its catalogue. */
type WantedGateway = Omit<ImportGatewayDto, 'catalogue' | 'credential'>;

/** Makes gateways what a document says, by the services of the single requests. Works within `Database.together`. */
@Injectable()
export class GatewayImport {
  constructor(
    private readonly gateways: GatewaysService,
    private readonly details: GatewayDetailsQuery,
    private readonly catalogues: CatalogueTransfer,
  ) {}

  /**
   * @param before what the gateway is; undefined if there is none
   * @throws LetheError like `GatewaysService`
   */
  async apply(
    em: EntityManager,
    { catalogue, credential, ...wanted }: ImportGatewayDto,
    before: Exported | undefined,
  ): Promise<PlannedObjectView> {
    const { slug } = wanted;
    const found = catalogue && (await this.catalogues.prove(slug, catalogue));
    const proven = typeof found === 'object' ? found : undefined;
    const made = before === undefined ? await this.register(wanted, proven) : undefined;
    const outcome = proven ? await this.catalogues.serve(em, slug, proven) : reasonOf(found);
    // The configuration of the catalogue may not be the wanted one.
    const now = before ?? (made && exportedGateway(made)) ?? {};
    const change = changeTo(ChangeGatewayDto, now, targetOf(wanted), GATEWAY_FIELDS);
    if (change) await this.gateways.change(slug, change);
    const isSame = !change && (outcome === undefined || outcome === 'unchanged');
    const toKeep = missingCredential(slug, credential, before);
    if (before !== undefined && isSame) return { kind: 'gateway', slug, action: 'unchanged', ...toKeep };
    return { ...planned(await this.details.loadOne(em, await findGateway(em, slug)), before, outcome), ...toKeep };
  }

  /** With a catalogue, as the gateway of which it is: its receipt names id, configuration and revision. */
  private register(wanted: WantedGateway, proven: ProvenCatalogue | undefined): Promise<GatewayDetails> {
    if (proven === undefined) return this.gateways.register(wanted);
    const { order, tlsCa } = proven;
    const verified = { url: order.url, transport: order.transport, passthroughHeaders: order.mappings, tlsCa };
    return this.gateways.register({ ...wanted, ...verified }, { id: order.gatewayId, revision: order.configRevision });
  }
}

/** What a document can't bring along. */
function missingCredential(
  slug: string,
  wanted: CredentialLife | undefined,
  before: Exported | undefined,
): Pick<PlannedObjectView, 'keep'> {
  return wanted === 'kept' && before?.['credential'] !== 'kept' ? { keep: `lethe keep ${slug}` } : {};
}

function reasonOf(found: ProvenCatalogue | CatalogueReason | undefined): CatalogueReason | undefined {
  return typeof found === 'string' ? found : undefined;
}

function targetOf(wanted: WantedGateway): object {
  const { transport = 'auto', passthroughHeaders = DEFAULT_MAPPINGS, tlsCa = null } = wanted;
  return { ...wanted, ...registeredMetadata(wanted), transport, passthroughHeaders, tlsCa };
}

function planned(
  details: GatewayDetails,
  before: Exported | undefined,
  outcome: CatalogueReason | 'served' | 'unchanged' | undefined,
): PlannedObjectView {
  const { slug } = details.gateway;
  const waits = details.serving === undefined || details.pending !== undefined;
  const isServed = outcome === 'served';
  const changes = before === undefined ? [] : fieldChanges(before, exportedGateway(details));
  if (before !== undefined && isServed) changes.push({ field: 'catalogue' });
  return {
    kind: 'gateway',
    slug,
    action: before === undefined ? 'create' : changes.length > 0 ? 'change' : 'unchanged',
    ...(changes.length > 0 && { changes }),
    ...(waits && { verify: `lethe verify ${slug}` }),
    ...(outcome !== undefined && !isServed && outcome !== 'unchanged' && { catalogue: outcome }),
  };
}
