import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Field } from '../rest/field.js';
import { AreNameGlobs, globsSchema } from '../rest/name-globs.js';
import { Nullable, Optional } from '../rest/optional.js';
import { AreTags } from '../rest/tags.js';
import { REFERENCE } from '../rows/reference.js';
import { EXPOSED_NAME } from './exposed-names.js';
import type { IncludeRule, ItemPick } from './server.entity.js';
import type { ToolHints } from './tool-hints.js';

const HINT = { description: 'As in the annotations of tools' };
/** Most items of a virtual server that are listed one by one. */
export const MAX_PICKS = 2_000;

/** Which item is meant. */
export class ItemRefDto {
  @Field({ description: 'Id or slug' }) @Matches(REFERENCE) gateway!: string;
  @Field() @IsIn(ITEM_KINDS) kind!: ItemKind;
  @Field({ description: "The upstream's own name, URI or URI template" })
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  name!: string;
}

/** One item to expose. */
export class ItemPickDto extends ItemRefDto implements ItemPick {
  @Field({ description: 'The name that clients see; only for tools and prompts' })
  @Optional()
  @Matches(EXPOSED_NAME)
  as?: string;
  @Field({ description: 'Instead of what the upstream says' })
  @Optional()
  @IsString()
  @MaxLength(4_000)
  description?: string;
  @Field({ description: '`false` leaves it out, also where a rule of `include` matches it' })
  @Optional()
  @IsBoolean()
  enabled?: boolean;
  @Field({ description: 'For grants with `readOnly`: whether it only reads, whatever its hint says' })
  @Optional()
  @IsBoolean()
  readOnly?: boolean;
  @Field({ description: 'Instead of those that its gateway gives it (`itemTags`)' })
  @Optional()
  @AreTags()
  tags?: string[];
}

/** What tools say about themselves; absent members: whatever they say. */
export class ToolHintsDto implements ToolHints {
  @Field(HINT) @Optional() @IsBoolean() readOnlyHint?: boolean;
  @Field(HINT) @Optional() @IsBoolean() destructiveHint?: boolean;
  @Field(HINT) @Optional() @IsBoolean() idempotentHint?: boolean;
  @Field(HINT) @Optional() @IsBoolean() openWorldHint?: boolean;
}

/** Exposes all items that match. It has `gateway` or `gatewayTags`, or both. */
export class IncludeRuleDto implements IncludeRule {
  @Field({ description: 'Id or slug; absent: every gateway that carries one of `gatewayTags`' })
  @Optional()
  @Matches(REFERENCE)
  gateway?: string;
  @Field({ description: 'Only gateways that carry one of these tags, those too that get one later' })
  @Optional()
  @AreTags()
  @ArrayMinSize(1)
  gatewayTags?: string[];
  @Field({ description: 'All kinds when absent' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsIn(ITEM_KINDS, { each: true })
  kinds?: ItemKind[];
  @Field(globsSchema("the upstream's own names")) @Optional() @AreNameGlobs() names?: string[];
  @Field({ description: 'Only items with one of these tags (`itemTags` of their gateway)' })
  @Optional()
  @AreTags()
  @ArrayMinSize(1)
  tags?: string[];
  @Field({
    type: ToolHintsDto,
    description:
      'Only tools whose verified definition says all of this, at gateways with `trustHints`. Absent hints have the ' +
      'defaults of the specification',
  })
  @Optional()
  @ValidateNested()
  @Type(() => ToolHintsDto)
  annotations?: ToolHintsDto;
}

/** What a virtual server is to say about one item from now on. Absent: as before; null: nothing. */
export class ItemChangeDto extends ItemRefDto {
  @Field({ description: 'The name that clients see; only for tools and prompts' })
  @Nullable()
  @Matches(EXPOSED_NAME)
  as?: string | null;
  @Field({ description: 'Instead of what the upstream says' })
  @Nullable()
  @IsString()
  @MaxLength(4_000)
  description?: string | null;
  @Field({ description: '`false` leaves it out' }) @Nullable() @IsBoolean() enabled?: boolean | null;
  @Field({ description: 'For grants with `readOnly`' }) @Nullable() @IsBoolean() readOnly?: boolean | null;
  @Field({ description: 'Instead of those that its gateway gives it' }) @Nullable() @AreTags() tags?: string[] | null;
}

/** Changes of `items` of a virtual server, without the items that stay as they are. */
export class ChangeItemsDto {
  @Field({ type: [ItemRefDto], description: 'Items that are listed no more; rules of `include` count for them again' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_PICKS)
  @ValidateNested({ each: true })
  @Type(() => ItemRefDto)
  remove?: ItemRefDto[];
  @Field({ type: [ItemChangeDto], description: 'Items that are listed, each changed or added at the end' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_PICKS)
  @ValidateNested({ each: true })
  @Type(() => ItemChangeDto)
  items?: ItemChangeDto[];
}
