import { CreateRegistry } from '../migrations/20261102000000-create-registry.js';
import { IdempotentRequests } from '../migrations/20261123000000-idempotent-requests.js';
import { AddMissingCredential } from '../migrations/20261123000100-add-missing-credential.js';
import { AddServerEras } from '../migrations/20261129165200-add-server-eras.js';
import { AddMaxNameLength } from '../migrations/20261129165500-add-max-name-length.js';
import { CatalogueOfTwoEras } from '../migrations/20261129172000-catalogue-of-two-eras.js';
import { AddVerificationScheme } from '../migrations/20261129193500-add-verification-scheme.js';
import { AddReviewReason } from '../migrations/20261129194000-add-review-reason.js';
import { AddServerSwitch } from '../migrations/20261129194500-add-server-switch.js';
import { MissingCredentialAsResult } from '../migrations/20261129194500-missing-credential-as-result.js';
import { AddFailureFacts } from '../migrations/20261129201000-add-failure-facts.js';
import { AuditLog } from '../migrations/20261130010000-audit-log.js';
import { RolesOfAdministrators } from '../migrations/20261130010100-roles-of-administrators.js';
import { AddGrants } from '../migrations/20261130012000-add-grants.js';
import { AddSlotEnd } from '../migrations/20261130015500-add-slot-end.js';
import { KeyedRequests } from '../migrations/20261130015500-keyed-requests.js';
import { VerificationHistory } from '../migrations/20261130020500-verification-history.js';
import { KeyUseAndRotation } from '../migrations/20261130050000-key-use-and-rotation.js';
import { AddTags } from '../migrations/20261130051000-add-tags.js';
import { SearchOfItems } from '../migrations/20261130052000-search-of-items.js';
import { KeptCredentials } from '../migrations/20261130054000-kept-credentials.js';
import { OAuthClients } from '../migrations/20261130060000-oauth-clients.js';
import { AddRejectedCredential } from '../migrations/20261130061000-add-rejected-credential.js';
import { Activity } from '../migrations/20261130080000-activity.js';
import { ActivityCount } from './activity/activity-count.entity.js';
import { ActivitySource } from './activity/activity-source.entity.js';
import { SeenCall } from './activity/seen-call.entity.js';
import { Admin } from './admins/admin.entity.js';
import { AuditEntry } from './audit/trail/audit-entry.entity.js';
import { StoredItem } from './catalogue/catalogue-item.entity.js';
import { ItemVersion } from './changes/item-version.entity.js';
import { GatewayConfig } from './gateways/gateway-config.entity.js';
import { Gateway } from './gateways/gateway.entity.js';
import { KeptCredential } from './gateways/kept-credential.entity.js';
import { IdempotentRequest } from './idempotency/idempotent-request.entity.js';
import { KeyedRequest } from './idempotency/keyed-request.entity.js';
import { CallerKey } from './keys/caller-key.entity.js';
import { IndexedCatalogue } from './search/indexed-catalogue.entity.js';
import { SearchableItem } from './search/searchable-item.entity.js';
import { ExposedName } from './servers/exposed-name.entity.js';
import { ServerGateway } from './servers/server-gateway.entity.js';
import { VirtualServer } from './servers/server.entity.js';
import { StagedPart } from './verifications/catalogue-part.entity.js';
import { RejectedItem } from './changes/rejected-item.entity.js';
import { VerificationChange } from './changes/verification-change.entity.js';
import { Verification } from './verifications/verification.entity.js';

/** All entities of the registry. */
export const ENTITIES = [
  ActivityCount,
  ActivitySource,
  Admin,
  AuditEntry,
  CallerKey,
  ExposedName,
  Gateway,
  GatewayConfig,
  IdempotentRequest,
  IndexedCatalogue,
  ItemVersion,
  KeptCredential,
  KeyedRequest,
  RejectedItem,
  SearchableItem,
  SeenCall,
  ServerGateway,
  StagedPart,
  StoredItem,
  Verification,
  VerificationChange,
  VirtualServer,
];

/** All migrations, in order. A released migration never changes. */
export const MIGRATIONS = [
  CreateRegistry,
  IdempotentRequests,
  AddMissingCredential,
  AddServerEras,
  AddMaxNameLength,
  CatalogueOfTwoEras,
  AddVerificationScheme,
  AddReviewReason,
  AddServerSwitch,
  MissingCredentialAsResult,
  AddFailureFacts,
  AuditLog,
  RolesOfAdministrators,
  AddGrants,
  AddSlotEnd,
  KeyedRequests,
  VerificationHistory,
  KeyUseAndRotation,
  AddTags,
  SearchOfItems,
  KeptCredentials,
  OAuthClients,
  AddRejectedCredential,
  Activity,
];
