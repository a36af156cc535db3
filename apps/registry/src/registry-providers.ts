import { FailedLogins } from '@lethe/platform';
import { type Provider } from '@nestjs/common';
import { ActivityService } from './activity/activity.service.js';
import { ForgetActivity } from './activity/forget-activity.job.js';
import { LastCalls } from './activity/last-calls.service.js';
import { OpenStreamCounts } from './activity/open-stream-counts.service.js';
import { RecordCalls } from './activity/record-calls.job.js';
import { AdminAudit } from './admins/admin-audit.service.js';
import { AdminIdentities } from './admins/admin-identities.service.js';
import { AdminMarks } from './admins/admin-marks.service.js';
import { AdminTokens } from './admins/admin-tokens.service.js';
import { AdminsService } from './admins/admins.service.js';
import { FirstAdmin } from './admins/first-admin.job.js';
import { LastUses } from './admins/last-uses.service.js';
import { OidcAdmins } from './admins/oidc-admins.service.js';
import { RefusedRoles } from './admins/refused-roles.service.js';
import { RequestScopeInterceptor } from './admins/request-scope.interceptor.js';
import { AuditLogService } from './audit/audit-log.service.js';
import { KeepAuditMark } from './audit/audit-mark.job.js';
import { AuditMarks } from './audit/audit-marks.service.js';
import { AuditVerification } from './audit/audit-verification.service.js';
import type { AuditedKind } from './audit/trail/audited-kind.js';
import { AUDITED_KINDS, AuditTrail } from './audit/trail/audit-trail.service.js';
import { Findings } from './audit/trail/findings.service.js';
import { CatalogueService } from './catalogue/catalogue.service.js';
import { ConnectorCache } from './connectors/connector-cache.service.js';
import { GatewayAudit } from './gateways/gateway-audit.service.js';
import { ConnectService } from './connect/connect.service.js';
import { ConsoleStatus } from './console/console-status.service.js';
import { SignIn } from './console/sign-in.service.js';
import { EventHead } from './events/event-head.service.js';
import { EventStreams } from './events/event-streams.service.js';
import { ExplainService } from './explain/explain.service.js';
import { SizeService } from './explain/size.service.js';
import { GatewayDetailsQuery } from './gateways/gateway-details.service.js';
import { GatewayPublisher } from './gateways/gateway-publisher.js';
import { GatewayVerifications } from './gateways/gateway-verifications.js';
import { SeenGateways } from './gateways/seen-gateways.service.js';
import { GatewaysService } from './gateways/gateways.service.js';
import { IdempotencyService } from './idempotency/idempotency.service.js';
import { IdempotencyInterceptor } from './idempotency/idempotent.interceptor.js';
import { KeptCredentials } from './kept/kept-credentials.service.js';
import { RefusedKeptCredentials } from './kept/refused-kept-credentials.service.js';
import { KeyAudit } from './keys/key-audit.service.js';
import { KeyPublisher } from './keys/key-publisher.service.js';
import { KeysService } from './keys/keys.service.js';
import { LastKeyUses } from './keys/last-key-uses.service.js';
import { RotateKey } from './keys/rotate-key.service.js';
import { OverviewService } from './overview/overview.service.js';
import { ProbesService } from './probes/probes.service.js';
import { LiveProxies } from './proxies/live-proxies.service.js';
import { ProxyAddress } from './proxies/proxy-address.service.js';
import { ProxiesInterceptor } from './proxies/waits-for-proxies.interceptor.js';
import { AnnounceRoutes } from './publishing/announce-routes.job.js';
import { PublishedRoutes } from './publishing/published-routes.service.js';
import { PublishedBuckets } from './publishing/published-buckets.service.js';
import { ReceiptHighWaterMarks } from './verifications/receipt-high-water-marks.service.js';
import { relayProvider } from './publishing/relay.job.js';
import { RestoreBuckets } from './publishing/restore-buckets.job.js';
import { PublishableGateways } from './publishing/publishable-gateways.service.js';
import { ManifestPublisher } from './publishing/manifest-publisher.service.js';
import { TamperLog } from './rows/tamper-log.service.js';
import { ItemSearchService } from './search/item-search.service.js';
import { KeepSearchIndex } from './search/keep-search-index.job.js';
import { SearchIndex } from './search/search-index.service.js';
import { ServerAudit } from './servers/server-audit.service.js';
import { ServerDetailsQuery } from './servers/server-details.service.js';
import { ServerGateways } from './servers/server-gateways.service.js';
import { ServerPublisher } from './servers/server-publisher.js';
import { ServersService } from './servers/servers.service.js';
import { CatalogueTransfer } from './transfer/catalogue-transfer.service.js';
import { ExportService } from './transfer/export.service.js';
import { GatewayImport } from './transfer/gateway-import.service.js';
import { ImportService } from './transfer/import.service.js';
import { ServerImport } from './transfer/server-import.service.js';
import { ApplyCatalogueWhenGatewayVerified } from './verifications/apply-catalogue-when-gateway-verified.handler.js';
import { ApplyReview } from './verifications/apply-review.service.js';
import { CatalogueApplier } from './verifications/catalogue-applier.service.js';
import { EndVerificationWhenGatewayVerificationFailed } from './verifications/end-verification-when-gateway-verification-failed.handler.js';
import { GatewayVerificationsQuery } from './verifications/gateway-verifications.service.js';
import { HandshakeSubjects } from './verifications/handshake-subjects.service.js';
import { SlotReservation } from './verifications/slot-reservation.service.js';
import { NewestReceiptCheck } from './verifications/newest-receipt.service.js';
import { CancelVerification } from './verifications/cancel-verification.service.js';
import { OpenVerification } from './verifications/open-verification.service.js';
import { RefusedResultsLog } from './verifications/refused-results-log.service.js';
import { HandshakeResultsService } from './verifications/handshake-results.service.js';
import { SendCredential } from './verifications/send-credential.service.js';
import { StagePartWhenCataloguePartArrives } from './verifications/stage-part-when-catalogue-part-arrives.handler.js';
import { CountReviews } from './verifications/count-reviews.job.js';
import { ForgetVerifications } from './verifications/forget-verifications.job.js';
import { SweepVerifications } from './verifications/sweep-verifications.job.js';
import { VerificationAudit } from './verifications/verification-audit.service.js';
import { VerificationChanges } from './verifications/verification-changes.service.js';
import { VerificationWaiter } from './verifications/verification-waiter.service.js';
import { VerificationDiff } from './verifications/verification-diff.service.js';
import { VerificationsService } from './verifications/verifications.service.js';

const AUDITED = [AdminAudit, GatewayAudit, KeyAudit, ServerAudit, VerificationAudit];
const ADMINS: Provider[] = [
  AdminsService,
  AdminTokens,
  AdminIdentities,
  AdminMarks,
  OidcAdmins,
  LastUses,
  FirstAdmin,
  RefusedRoles,
  RequestScopeInterceptor,
  { provide: FailedLogins, useFactory: () => new FailedLogins() },
];
const AUDIT: Provider[] = [
  AuditTrail,
  Findings,
  AuditLogService,
  AuditMarks,
  AuditVerification,
  KeepAuditMark,
  ...AUDITED,
  { provide: AUDITED_KINDS, inject: AUDITED, useFactory: (...kinds: AuditedKind[]) => kinds },
];
const KEYS: Provider[] = [KeysService, KeyPublisher, RotateKey, LastKeyUses];
const VERIFICATIONS: Provider[] = [
  VerificationsService,
  CancelVerification,
  OpenVerification,
  SendCredential,
  SlotReservation,
  HandshakeSubjects,
  VerificationWaiter,
  VerificationChanges,
  HandshakeResultsService,
  RefusedResultsLog,
  ReceiptHighWaterMarks,
  NewestReceiptCheck,
  CatalogueApplier,
  ApplyReview,
  VerificationDiff,
  SweepVerifications,
  ForgetVerifications,
  CountReviews,
  StagePartWhenCataloguePartArrives,
  ApplyCatalogueWhenGatewayVerified,
  EndVerificationWhenGatewayVerificationFailed,
  { provide: GatewayVerifications, useClass: GatewayVerificationsQuery },
];
const PUBLISHING: Provider[] = [
  ManifestPublisher,
  { provide: GatewayPublisher, useExisting: ManifestPublisher },
  { provide: ServerPublisher, useExisting: ManifestPublisher },
  PublishableGateways,
  PublishedRoutes,
  PublishedBuckets,
  AnnounceRoutes,
  RestoreBuckets,
  relayProvider,
];

const ACTIVITY: Provider[] = [
  ActivityService,
  ForgetActivity,
  LastCalls,
  OpenStreamCounts,
  OverviewService,
  RecordCalls,
];

const TRANSFER: Provider[] = [CatalogueTransfer, ExportService, GatewayImport, ServerImport, ImportService];

/** All that the registry injects, but for what it is started with. */
export const PROVIDERS: Provider[] = [
  TamperLog,
  IdempotencyService,
  IdempotencyInterceptor,
  ConnectorCache,
  LiveProxies,
  ProxiesInterceptor,
  GatewaysService,
  GatewayDetailsQuery,
  SeenGateways,
  KeptCredentials,
  RefusedKeptCredentials,
  CatalogueService,
  SearchIndex,
  KeepSearchIndex,
  ItemSearchService,
  ServersService,
  ServerDetailsQuery,
  ServerGateways,
  ...KEYS,
  ...ADMINS,
  ...AUDIT,
  ConnectService,
  ConsoleStatus,
  SignIn,
  ProxyAddress,
  ExplainService,
  EventHead,
  EventStreams,
  SizeService,
  ProbesService,
  ...VERIFICATIONS,
  ...PUBLISHING,
  ...TRANSFER,
  ...ACTIVITY,
];
