import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { ApiProperty } from '@nestjs/swagger';

/** A virtual server that exposes an item. */
export class ExposingServerView {
  @ApiProperty() slug!: string;
  @ApiProperty({ description: 'The name or URI that clients see' }) exposed!: string;
}

/** An item of a catalogue, as the search finds it. */
export class FoundItemView {
  @ApiProperty({ description: 'Slug' }) gateway!: string;
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty({ description: "The upstream's own name of it, URI or URI template" }) name!: string;
  @ApiProperty({ nullable: true, type: String }) title!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Its beginning' }) description!: string | null;
  @ApiProperty({ type: [String], description: 'Of the item and of its gateway' }) tags!: string[];
  @ApiProperty({ description: 'The upstream no longer lists it, and that was not reviewed yet' }) stale!: boolean;
  @ApiProperty({ type: 'integer', description: 'How many names it has in virtual servers' }) exposedCount!: number;
  @ApiProperty({ type: [ExposingServerView], description: 'The first twenty of them, by slug' })
  servers!: ExposingServerView[];
}
