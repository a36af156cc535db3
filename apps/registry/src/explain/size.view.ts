import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const TOKENS = { type: 'integer', description: 'About: bytes / 4' } as const;

/** How large something is as a model sees it. */
class SizeView {
  @ApiProperty({ type: 'integer', description: 'UTF-8 bytes of its JSON' }) bytes!: number;
  @ApiProperty(TOKENS) estimatedTokens!: number;
}

/** One item of a virtual server. */
export class SizedItemView extends SizeView {
  @ApiProperty({ enum: ITEM_KINDS }) kind!: ItemKind;
  @ApiProperty() exposed!: string;
  @ApiProperty({ description: 'Slug' }) gateway!: string;
  @ApiProperty() own!: string;
  @ApiProperty({ type: [String] }) tags!: string[];
}

/** The items of one gateway in a virtual server. */
export class SizedGatewayView extends SizeView {
  @ApiProperty({ description: 'Slug' }) gateway!: string;
  @ApiProperty({ type: 'integer', description: 'How many' }) items!: number;
}

/** How large the list of a virtual server is as a model sees it. */
export class ServerSizeView extends SizeView {
  @ApiProperty({ enum: ITEM_KINDS, description: 'What was measured' }) kind!: ItemKind;
  @ApiProperty({ type: 'integer', description: 'How many' }) total!: number;
  @ApiProperty({ type: 'integer', description: 'A virtual server whose tools are longer has a warning' })
  limitTokens!: number;
  @ApiProperty({ type: [SizedGatewayView], description: 'Largest first' }) gateways!: SizedGatewayView[];
  @ApiProperty({ type: [SizedItemView], description: 'Largest first, one page' }) items!: SizedItemView[];
  @ApiPropertyOptional({ description: 'Absent on the last page' }) nextCursor?: string;
}
