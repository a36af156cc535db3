import { COMPACT_JWS, CREDENTIAL_LIFES, type CredentialLife, ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { SLUG } from '@lethe/mcp';
import { OmitType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  Equals,
  IsArray,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { RegisterGatewayDto } from '../gateways/gateway.dto.js';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { CreateServerDto } from '../servers/server.dto.js';
import { API_VERSION, DOCUMENT_LIMITS } from './document.js';

const MAX_CATALOGUE_TEXT = 8 * 1024 * 1024;
const MAX_RECEIPT = 16_384;

/** The verified catalogue of a gateway. Only a registry with the same trust keys takes it, and only unchanged. */
export class CatalogueDto {
  @Field({ description: "The connector's receipt, a compact JWS" })
  @MaxLength(MAX_RECEIPT)
  @Matches(COMPACT_JWS)
  receipt!: string;
  @Field({ description: '`tlsCa` of the configuration that was verified' })
  @Optional()
  @IsString()
  @MaxLength(16_384)
  tlsCa?: string;
  @Field({ description: 'JSON: what the upstream said of itself, and counts and warnings of the verification' })
  @IsString()
  @MaxLength(MAX_CATALOGUE_TEXT)
  found!: string;
  @Field({ description: 'One line of JSON for each item, as it is served' })
  @IsString()
  @MaxLength(MAX_CATALOGUE_TEXT)
  items!: string;
  @Field({ description: 'Authentication code of the registry over all of that' })
  @Matches(/^[0-9a-f]{64}$/)
  seal!: string;
}

/** A gateway of a document: its slug says which. */
export class ImportGatewayDto extends OmitType(RegisterGatewayDto, ['slug'] as const) {
  @Field({ description: 'Which gateway it is' }) @Matches(SLUG) slug!: string;
  @Field({ type: CatalogueDto, description: 'Serves at once, if this registry can check it' })
  @Optional()
  @ValidateNested()
  @Type(() => CatalogueDto)
  catalogue?: CatalogueDto;
  @Field({
    enum: CREDENTIAL_LIFES,
    description: '`kept`: the plan says so if none is kept here. None is in a document',
  })
  @Optional()
  @IsIn(CREDENTIAL_LIFES)
  credential?: CredentialLife;
}

/** A name that belongs to an item of a virtual server, used or not. */
export class NameDto {
  @Field() @IsIn(ITEM_KINDS) kind!: ItemKind;
  @Field({ description: 'The name or URI that clients see' })
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  exposed!: string;
  @Field({ description: 'Slug' }) @Matches(SLUG) gateway!: string;
  @Field({ description: "The upstream's own name of it" })
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  own!: string;
  @Field({
    // An `enum` of its own would be described as one of numbers.
    oneOf: [{ type: 'boolean', enum: [true] }],
    description: 'An administrator chose it with `as`',
  })
  @Optional()
  @Equals(true)
  chosen?: boolean;
}

/** A virtual server of a document: its slug says which. */
export class ImportServerDto extends OmitType(CreateServerDto, ['slug'] as const) {
  @Field({ description: 'Which virtual server it is' }) @Matches(SLUG) slug!: string;
  @Field({
    type: [NameDto],
    description: 'Names that belong to items, besides those that would be given anyway. None is ever taken away',
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(DOCUMENT_LIMITS.maxNames)
  @ValidateNested({ each: true })
  @Type(() => NameDto)
  names?: NameDto[];
}

/** Gateways and virtual servers as they should be. A field that is left out has its default. */
export class ImportDto {
  @Field({ description: 'The form of the document' }) @IsIn([API_VERSION]) apiVersion!: string;
  @Field({ type: [ImportGatewayDto] })
  @Optional()
  @IsArray()
  @ArrayMaxSize(DOCUMENT_LIMITS.maxGateways)
  @ValidateNested({ each: true })
  @Type(() => ImportGatewayDto)
  gateways?: ImportGatewayDto[];
  @Field({ type: [ImportServerDto] })
  @Optional()
  @IsArray()
  @ArrayMaxSize(DOCUMENT_LIMITS.maxServers)
  @ValidateNested({ each: true })
  @Type(() => ImportServerDto)
  servers?: ImportServerDto[];
}

const SWITCH = ['true', 'false'];

/** How a document is imported. */
export class ImportQuery {
  @Field({ description: '`true` changes nothing, and says what would be changed' })
  @Optional()
  @IsIn(SWITCH)
  dryRun?: 'true' | 'false';
  @Field({ description: '`true` deletes the gateways and virtual servers that the document does not have' })
  @Optional()
  @IsIn(SWITCH)
  prune?: 'true' | 'false';
}

/** What of a registry is exported. */
export class ExportQuery {
  @Field({ description: 'Slug: this gateway, and of virtual servers those of `server`' })
  @Optional()
  @Matches(SLUG)
  gateway?: string;
  @Field({ description: 'Slug: this virtual server, and of gateways that of `gateway`' })
  @Optional()
  @Matches(SLUG)
  server?: string;
  @Field({
    description: '`true` adds the verified catalogues, which a registry with the same trust keys serves at once',
  })
  @Optional()
  @IsIn(SWITCH)
  catalogue?: 'true' | 'false';
}
