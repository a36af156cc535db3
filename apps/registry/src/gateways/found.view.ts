import {
  AUTHORIZATION_PROBLEMS,
  type AuthorizationProblem,
  type CatalogueCounts,
  CLIENT_REGISTRATIONS,
  type ClientRegistration,
  type Era,
  HANDSHAKE_CODES,
  type HandshakeCode,
  type HiddenCounts,
  ITEM_KINDS,
  type ItemCounts,
  type ItemKind,
  type JsonObject,
  type OAuthFacts,
  type OAuthServerFacts,
  type RequestedLists,
  type VerificationWarning,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const ERA = { enum: ['legacy', 'modern'] };
const INTEGER = { type: 'integer' } as const;
/** An object of the upstream's own. */
export const ANY_OBJECT = { type: 'object', additionalProperties: true } as const;

/** Number of items of each kind. */
export class ItemCountsView implements ItemCounts {
  @ApiProperty(INTEGER) tools!: number;
  @ApiProperty(INTEGER) resources!: number;
  @ApiProperty(INTEGER) resourceTemplates!: number;
  @ApiProperty(INTEGER) prompts!: number;
}

/** Number of items of each kind, and of those that were skipped or that only some clients see. */
export class CountsView extends ItemCountsView implements CatalogueCounts {
  @ApiProperty(INTEGER) skipped!: number;
  @ApiPropertyOptional(INTEGER) conditional?: number;
}

class EraFactsView {
  @ApiProperty(ERA) era!: Era;
  @ApiProperty() protocolVersion!: string;
  @ApiProperty() sessionful!: boolean;
  @ApiPropertyOptional(INTEGER) sessionIdBytes?: number;
  @ApiProperty({ enum: ['public', 'private', 'unknown'] }) listScope!: 'public' | 'private' | 'unknown';
  @ApiProperty(ANY_OBJECT) serverInfo!: JsonObject;
  @ApiProperty(ANY_OBJECT) capabilities!: JsonObject;
  @ApiPropertyOptional() instructions?: string;
}

class OAuthServerView implements OAuthServerFacts {
  @ApiProperty({ description: 'Verbatim; its metadata name exactly this issuer (RFC 8414, section 3.3)' })
  issuer!: string;
  @ApiProperty({
    enum: CLIENT_REGISTRATIONS,
    isArray: true,
    description: 'How a client becomes known there without help; empty where somebody has to register one',
  })
  registration!: ClientRegistration[];
  @ApiPropertyOptional({ enum: [true], description: 'It has the device flow (RFC 8628)' }) device?: true;
  @ApiPropertyOptional({ enum: [true], description: 'It binds tokens to a key (RFC 9449)' }) dpop?: true;
}

/** How callers get tokens for an upstream, found without a credential (RFC 9728). */
export class OAuthFactsView implements OAuthFacts {
  @ApiProperty({ description: 'The resource indicator (RFC 8707), verbatim' }) resource!: string;
  @ApiProperty({ type: [OAuthServerView] }) servers!: OAuthServerFacts[];
  @ApiPropertyOptional({ description: 'What its challenge asks for, separated by spaces' }) scope?: string;
  @ApiPropertyOptional({ type: [String], description: 'All scopes that it knows' }) scopes?: string[];
}

/** What an upstream says of itself in its main era, and in the other one. */
export class FactsView extends EraFactsView {
  @ApiProperty({ enum: ['streamable-http', 'sse'] }) transport!: 'streamable-http' | 'sse';
  @ApiPropertyOptional({ type: OAuthFactsView, description: 'Absent if it names no authorization server' })
  oauth?: OAuthFacts;
  @ApiPropertyOptional({ type: EraFactsView }) otherEra?: EraFactsView;
}

class RequestedListsView implements RequestedLists {
  @ApiProperty(ERA) era!: Era;
  @ApiProperty({ type: [String] }) methods!: string[];
}

class HiddenCountsView implements HiddenCounts {
  @ApiPropertyOptional(INTEGER) invisible?: number;
  @ApiPropertyOptional(INTEGER) bidi?: number;
  @ApiPropertyOptional(INTEGER) control?: number;
}

/** What to know about a verification that succeeded. Which members there are depends on `code`. */
export class VerificationWarningView {
  @ApiProperty({
    enum: [
      'era_failed',
      'conditional_failed',
      'era_empty',
      'catalogue_empty',
      'schema_held_back',
      'schemas_unchecked',
      'hidden_text',
      'authorization_unknown',
    ],
  })
  code!: VerificationWarning['code'];
  @ApiPropertyOptional(ERA) era?: Era;
  @ApiPropertyOptional({ enum: [...HANDSHAKE_CODES, ...AUTHORIZATION_PROBLEMS] })
  why?: HandshakeCode | AuthorizationProblem;
  @ApiPropertyOptional(INTEGER) httpStatus?: number;
  @ApiPropertyOptional({ type: [RequestedListsView] }) requested?: RequestedLists[];
  @ApiPropertyOptional({ description: 'JSON pointer to the place in the catalogue' }) pointer?: string;
  @ApiPropertyOptional({ enum: ITEM_KINDS }) kind?: ItemKind;
  @ApiPropertyOptional() name?: string;
  @ApiPropertyOptional({ type: HiddenCountsView }) found?: HiddenCounts;
}
