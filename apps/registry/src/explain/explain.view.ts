import {
  MAPPING_SCHEMES,
  type MappingScheme,
  CREDENTIAL_USES,
  type CredentialUse,
  ITEM_KINDS,
  type ItemKind,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ActorView } from '../admins/admin.view.js';
import { KEPT_STATES, type KeptView } from '../gateways/kept.view.js';
import { EXPLAIN_REASONS, type ExplainReason } from './reasons.js';

const REASONS = Object.keys(EXPLAIN_REASONS);

class ExplainedGateway {
  @ApiProperty() slug!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ description: 'Scheme, host and port of the upstream' }) origin!: string;
}

class ExplainedItem {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty({ description: 'The name or URI that clients use' }) exposed!: string;
  @ApiProperty({ description: "The upstream's own name or URI" }) own!: string;
  @ApiProperty({
    enum: ['name', 'template', 'only_gateway'],
    description: 'How it is found: a resource in no list by a template, or by the only gateway with resources',
  })
  by!: 'name' | 'template' | 'only_gateway';
}

class ReasonView {
  @ApiProperty({ enum: REASONS }) code!: ExplainReason;
  @ApiProperty({ description: 'What it means, and what to do' }) text!: string;
}

class DestinationView {
  @ApiPropertyOptional({ description: 'Header of the upstream' }) header?: string;
  @ApiPropertyOptional({ description: 'Query parameter of the upstream' }) query?: string;
}

class ExplainedHeader {
  @ApiProperty({ description: 'Always valid' }) exact!: string;
  @ApiPropertyOptional({ description: 'Valid too, while the gateway owns it' }) short?: string;
  @ApiPropertyOptional({ enum: MAPPING_SCHEMES, description: 'What the value has to begin with' })
  scheme?: MappingScheme;
  @ApiProperty({ description: 'Without it the call is refused with credential_required' }) required!: boolean;
  @ApiProperty({ description: 'Slug of the gateway' }) gateway!: string;
  @ApiProperty({ description: 'The only origin that gets the value' }) origin!: string;
  @ApiProperty({ type: DestinationView }) to!: DestinationView;
}

class ExplainedKept {
  @ApiProperty({ enum: CREDENTIAL_USES }) use!: CredentialUse;
  @ApiProperty({ description: 'Whether a grant lets this caller use it for the item' }) isGranted!: boolean;
  @ApiPropertyOptional({ type: 'integer', description: 'Position of that grant' }) grant?: number;
  @ApiProperty({ enum: [...KEPT_STATES, 'none'], description: '`none`: nothing is kept, so `kept` refuses every call' })
  state!: KeptView['state'] | 'none';
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) until!: string | null;
  @ApiPropertyOptional({ type: ActorView, description: 'Who asked for it to be kept' }) by?: ActorView;
}

class AdmissionView {
  @ApiProperty({ enum: ['Authorization'] }) header!: 'Authorization';
  @ApiProperty({ enum: ['bearer'] }) scheme!: 'bearer';
  @ApiProperty({ enum: ['key', 'token'], description: 'A key of Lethe, or an access token of the issuer' })
  holds!: 'key' | 'token';
}

class ServingProxyView {
  @ApiProperty() host!: string;
  @ApiProperty({ nullable: true, type: Number, description: 'Null while the proxy has not said it' })
  revision!: number | null;
  @ApiProperty() isCurrent!: boolean;
  @ApiProperty({ description: 'Whether it uses kept credentials: LETHE_KEPT_CREDENTIALS' }) opensKept!: boolean;
}

/** What a call of one item needs, where its credentials go, and whether it would be let through. */
export class ExplanationView {
  @ApiProperty({ nullable: true, type: ExplainedItem }) item!: ExplainedItem | null;
  @ApiProperty({ nullable: true, type: ExplainedGateway }) gateway!: ExplainedGateway | null;
  @ApiProperty() allowed!: boolean;
  @ApiProperty({ type: [ReasonView], description: 'Why not; empty if it is allowed' }) reasons!: ReasonView[];
  @ApiPropertyOptional({ description: 'The exposed name that was probably meant' }) nearest?: string;
  @ApiProperty({ nullable: true, type: AdmissionView, description: 'How the caller identifies itself to Lethe' })
  admission!: AdmissionView | null;
  @ApiProperty({ type: [ExplainedHeader], description: 'What the caller sends for the upstream' })
  headers!: ExplainedHeader[];
  @ApiProperty({
    nullable: true,
    type: ExplainedKept,
    description: 'The credential that is kept for the gateway; null if the virtual server uses none',
  })
  kept!: ExplainedKept | null;
  @ApiProperty({ description: 'Revision of the published virtual server' }) revision!: number;
  @ApiProperty({ type: [ServingProxyView], description: 'Live proxies, one for each worker' })
  proxies!: ServingProxyView[];
}
