import { type BusOptions, MessagingModule } from '@lethe/messaging';
import { PersistenceModule } from '@lethe/persistence';
import { type Logger, Metrics, OpsModule, RefusedCallers, Settings } from '@lethe/platform';
import { Trust } from '@lethe/sealing';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ActivityController } from './activity/activity.controller.js';
import { CallsController } from './activity/calls.controller.js';
import { CallsSeenResponder } from './activity/calls-seen.responder.js';
import { AdminsController } from './admins/api/admins.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { CatalogueController } from './catalogue/catalogue.controller.js';
import { ConnectorAnnouncedResponder } from './connectors/connector-announced.responder.js';
import { ConnectorsController } from './connectors/connectors.controller.js';
import { ENTITIES, MIGRATIONS } from './database-options.js';
import { ConnectController } from './connect/connect.controller.js';
import { SignInController } from './console/sign-in.controller.js';
import { EventsController } from './events/events.controller.js';
import { ExplainController } from './explain/explain.controller.js';
import { SizeController } from './explain/size.controller.js';
import { GatewaysController } from './gateways/gateways.controller.js';
import { GatewaysSeenResponder } from './gateways/gateways-seen.responder.js';
import { KeptCredentialController } from './kept/kept-credential.controller.js';
import { KeptCredentialRefusedResponder } from './kept/kept-credential-refused.responder.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysUsedResponder } from './keys/keys-used.responder.js';
import { OverviewController } from './overview/overview.controller.js';
import { ProbesController } from './probes/probes.controller.js';
import { OWN_PROXY } from './proxies/proxy-address.service.js';
import { RoutesAppliedResponder } from './proxies/routes-applied.responder.js';
import { FetchRoutesResponder } from './publishing/fetch-routes.responder.js';
import { ItemSearchController } from './search/item-search.controller.js';
import { ServersController } from './servers/servers.controller.js';
import { ExportController } from './transfer/export.controller.js';
import { ImportController } from './transfer/import.controller.js';
import { SettingsController } from './status/settings.controller.js';
import { StatusController } from './status/status.controller.js';
import { AllVerificationsController } from './verifications/all-verifications.controller.js';
import { ReviewsController } from './verifications/reviews.controller.js';
import { VerificationsController } from './verifications/verifications.controller.js';
import { PROVIDERS } from './registry-providers.js';

/** Everything that a registry is started with. */
export interface RegistryParts {
  settings: Settings;
  bus: BusOptions;
  trust: Trust;
  databaseUrl: string;
  /** URL of a proxy in this process; undefined until it listens. */
  ownProxy?: () => string | undefined;
  /** Where the built console is; otherwise in the build of this registry. */
  consoleFolder?: string;
}

/** The registry: gateways, verifications, catalogue, virtual servers, keys, and the publishing of them. */
@Global()
@Module({
  controllers: [
    AdminsController,
    AuditController,
    GatewaysController,
    KeptCredentialController,
    VerificationsController,
    AllVerificationsController,
    ReviewsController,
    CatalogueController,
    ItemSearchController,
    ServersController,
    KeysController,
    ConnectorsController,
    ConnectController,
    ExplainController,
    EventsController,
    SizeController,
    SettingsController,
    StatusController,
    OverviewController,
    ActivityController,
    CallsController,
    ProbesController,
    ExportController,
    ImportController,
    ConnectorAnnouncedResponder,
    FetchRoutesResponder,
    RoutesAppliedResponder,
    GatewaysSeenResponder,
    CallsSeenResponder,
    KeysUsedResponder,
    KeptCredentialRefusedResponder,
  ],
  providers: PROVIDERS,
})
export class RegistryModule {
  static forRoot(parts: RegistryParts, logger: Logger): DynamicModule {
    const { settings, bus, trust, databaseUrl, ownProxy } = parts;
    return {
      module: RegistryModule,
      imports: [
        OpsModule.forRoot({ service: 'registry', settings, logger }),
        MessagingModule.forRoot(bus),
        PersistenceModule.forRoot({ databaseUrl, entities: ENTITIES, migrations: MIGRATIONS }),
      ],
      controllers: settings.console ? [SignInController] : [],
      providers: [
        { provide: OWN_PROXY, useValue: ownProxy ?? (() => undefined) },
        { provide: Settings, useValue: settings },
        { provide: Trust, useValue: trust },
        {
          provide: RefusedCallers,
          inject: [Metrics],
          useFactory: (metrics: Metrics) => new RefusedCallers('registry', settings.trustedProxies, logger, metrics),
        },
      ],
    };
  }
}
