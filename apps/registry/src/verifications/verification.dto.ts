import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { Optional } from '../rest/optional.js';

/** What a verification is begun with. Credentials are sealed afterwards, for the slot that is offered. */
export class BeginVerificationDto {
  /** `none`: the upstream asks for no credential; the handshake runs at once. */
  @ApiPropertyOptional({ enum: ['none'] }) @Optional() @IsIn(['none']) credential?: 'none';
}
