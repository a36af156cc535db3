import type { Transport } from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { Optional } from '../rest/optional.js';

const TRANSPORTS: readonly Transport[] = ['auto', 'streamable-http', 'sse'];

/** What to look at. */
export class ProbeDto {
  @ApiProperty({ description: 'A URL that may be registered', maxLength: 2_048 })
  @IsString()
  @MaxLength(2_048)
  url!: string;
  @ApiPropertyOptional({ enum: TRANSPORTS, default: 'auto' }) @Optional() @IsIn(TRANSPORTS) transport?: Transport;
}
