import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Optional } from '../rest/optional.js';

/** Starts a verification. The credential follows later, sealed for the offered slot. */
export class BeginVerificationDto {
  /** `none` when the upstream needs no credential; the handshake then runs at once. */
  @ApiPropertyOptional({ enum: ['none'] }) @Optional() @IsIn(['none']) credential?: 'none';
}
