import { BUCKETS, type ExposedItem, MAX_MESSAGE_BYTES, type ServerManifest } from '@lethe/contracts';
import { clashingSources, type SessionShare } from '@lethe/mcp';
import { nextRevision, recordBlock, recordSnapshot } from '@lethe/persistence';
import { LetheError, LOGGER, type Logger } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import type { GatewayPublisher } from '../gateways/gateway-publisher.js';
import { wasVerified } from '../gateways/gateway-rows.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { nameItems } from '../servers/name-items.js';
import { type Composition, compose, MAX_MEMBERS, membersOf, namedGateways } from '../servers/composition.js';
import { type GatewayCatalogue, pickItems } from '../servers/pick-items.js';
import type { ServerPublisher } from '../servers/server-publisher.js';
import { linkedServers, linkMembers } from '../servers/server-links.js';
import { requireGenuineServer } from '../servers/server-seal.js';
import { type LeftOut, VirtualServer } from '../servers/server.entity.js';
import { toolBytes } from '../servers/list-size.js';
import { sessionShareOf, sessionsProblem } from '../servers/session-shares.js';
import { toNamesBlocks } from '../catalogue/blocks.js';
import { toManifest, toManifestGateway, toTombstone } from './manifest.js';
import { withLosses } from '../servers/lost-names.js';
import { saveAssignedNames, assignedNames } from '../servers/assigned-names.js';
import { type PublishableGateway, PublishableGateways } from './publishable-gateways.service.js';
import { TamperLog } from '../rows/tamper-log.service.js';

/**
 * Compiles virtual servers into signed manifests, in the transaction of the change. Callers call `lockPublishing`
 * first.
 */
@Injectable()
export class ManifestPublisher implements GatewayPublisher, ServerPublisher {
  constructor(
    private readonly trust: Trust,
    private readonly served: PublishableGateways,
    private readonly tamper: TamperLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async publishServersOf(em: EntityManager, gatewayId: string): Promise<void> {
    for (const server of await linkedServers(em, this.trust.rowsMac(), gatewayId)) {
      try {
        await this.publish(em, server);
      } catch (error) {
        if (!(error instanceof LetheError)) throw error;
        if (error.code === 'row_tampered') this.tamper.report('virtual_server', server.id);
        else
          this.logger.error(
            { err: error, serverId: server.id },
            'The server could not be published and keeps its last manifest',
          );
      }
    }
  }

  async serversOf(em: EntityManager, gateway: Gateway): Promise<string[]> {
    const servers = await linkedServers(em, this.trust.rowsMac(), gateway.id);
    const losing = servers.filter((server) => wasVerified(gateway) || namedGateways(server).includes(gateway.id));
    return losing.map(({ slug }) => slug);
  }

  /** @throws LetheError `row_tampered`, `server_too_large` */
  async publish(em: EntityManager, server: VirtualServer): Promise<LeftOut[]> {
    requireGenuineServer(this.trust.rowsMac(), server);
    const composition = await compose(em, this.trust.rowsMac(), server);
    await linkMembers(em, server.id, membersOf(composition));
    const { served, leftOut } = await this.members(em, composition);
    const choices = served.map(toChoice);
    const { picked, leftOut: unknown } = pickItems(composition, choices);
    const before = await assignedNames(em, server.id);
    const slugs = new Map(served.map(({ gateway }) => [gateway.id, gateway.slug]));
    const slugOf = (id: string) => slugs.get(id) ?? '';
    const { named, assigned, leftOut: clashing } = nameItems(picked, before, slugOf, server.maxNameLength);
    const withLost = withLosses(assigned, before, composition, choices, new Date());
    await saveAssignedNames(em, server.id, before, withLost);
    const lines = named.map(({ kind, exposed, own, gatewayId, description, readOnly }): ExposedItem => ({
      kind,
      exposed,
      gateway: slugOf(gatewayId),
      own,
      ...(description !== undefined && { description }),
      ...(readOnly !== undefined && { readOnly }),
    }));
    const names = await this.recordNames(em, lines);
    const gateways = served.flatMap((gateway) => toManifestGateway(gateway) ?? []);
    await this.record(em, server, (revision) => toManifest(server, revision, gateways, names));
    server.leftOut = [...leftOut, ...unknown, ...clashing];
    // What is switched off is in no list.
    const open = served.filter(({ gateway }) => gateway.enabled).map(toChoice);
    server.toolBytes = toolBytes(named, open);
    return server.leftOut;
  }

  /** Publishes that a server was deleted. */
  async publishTombstone(em: EntityManager, server: VirtualServer): Promise<void> {
    await this.record(em, server, (revision) => toTombstone(server, revision));
  }

  private async members(
    em: EntityManager,
    composition: Composition,
  ): Promise<{ served: PublishableGateway[]; leftOut: LeftOut[] }> {
    const members = membersOf(composition);
    const tooMany = members.slice(MAX_MEMBERS);
    const leftOut = tooMany.map((gateway): LeftOut => ({ gateway, reason: 'too_many_gateways' }));
    const loaded: PublishableGateway[] = [];
    for (const gateway of members.slice(0, MAX_MEMBERS)) {
      const found = await this.served.load(em, gateway);
      if (typeof found !== 'string') loaded.push(found);
      else leftOut.push({ gateway, reason: found });
      if (found === 'gateway_tampered') this.tamper.report('gateway', gateway);
    }
    const sources = loaded.map((one) => ({
      one,
      gatewayId: one.gateway.id,
      slug: one.gateway.slug,
      mappings: one.config.mappings,
    }));
    const clashing = clashingSources(sources);
    const clear = sources.filter((source) => !clashing.includes(source));
    leftOut.push(...clashing.map(({ gatewayId }): LeftOut => ({ gateway: gatewayId, reason: 'header_clash' })));
    const shares: SessionShare[] = [];
    const served = clear.flatMap(({ one }) => {
      const share = sessionShareOf(one.gateway.slug, one.verification.facts);
      const reason = share && sessionsProblem([...shares, share]);
      if (reason) leftOut.push({ gateway: one.gateway.id, reason });
      else if (share) shares.push(share);
      return reason ? [] : [one];
    });
    return { served, leftOut };
  }

  private async recordNames(em: EntityManager, lines: ExposedItem[]): Promise<string[]> {
    const blocks = toNamesBlocks(lines);
    for (const { digest, bytes } of blocks) {
      await recordBlock(em, { bucket: BUCKETS.blocks, key: digest, value: bytes });
    }
    return blocks.map(({ digest }) => digest);
  }

  private async record(
    em: EntityManager,
    server: VirtualServer,
    manifest: (revision: number) => ServerManifest,
  ): Promise<void> {
    const revision = await nextRevision(em);
    const value = await this.trust.registrySigner().sign('manifest', manifest(revision), new Date());
    if (Buffer.byteLength(value) > MAX_MESSAGE_BYTES) throw new LetheError('server_too_large');
    await recordSnapshot(em, { bucket: BUCKETS.servers, key: server.slug, value, revision });
    server.revision = revision;
  }
}

function toChoice({ gateway, items }: PublishableGateway): GatewayCatalogue {
  return { gatewayId: gateway.id, items, itemTags: gateway.itemTags, trustHints: gateway.trustHints };
}
