import {
  type CatalogueItem,
  CONDITIONAL_CAPABILITIES,
  type ConditionalCapability,
  type Era,
  ITEM_KINDS,
  type ItemKind,
  type JsonObject,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ANY_OBJECT } from '../gateways/found.view.js';

/** An item as the admin API shows it. */
export class ItemView {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty({ description: "The upstream's own name of it, URI or URI template" }) name!: string;
  @ApiProperty({ ...ANY_OBJECT, description: 'Exactly as the upstream sent it' }) definition!: JsonObject;
  @ApiPropertyOptional({ ...ANY_OBJECT, description: 'What it sent in the legacy era, if that differs' })
  legacyDefinition?: JsonObject;
  @ApiPropertyOptional({ enum: ['legacy', 'modern'], description: 'The only era in which the upstream lists it' })
  onlyIn?: Era;
  @ApiPropertyOptional({
    enum: CONDITIONAL_CAPABILITIES,
    isArray: true,
    description: 'Client capabilities without which the upstream does not list it',
  })
  needs?: ConditionalCapability[];
  @ApiProperty({ description: 'The upstream no longer lists it, and that was not reviewed yet' }) stale!: boolean;
  @ApiPropertyOptional({
    type: [String],
    description: 'By `itemTags` of its gateway; absent while it waits for a review',
  })
  tags?: string[];
}

/** Converts an item to its form in the admin API. */
export function toItemView({ own: name, ...item }: CatalogueItem, stale = false): ItemView {
  return { name, ...item, stale };
}
