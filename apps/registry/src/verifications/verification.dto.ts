import { IsIn } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';

/** Starts a verification. The credential follows later, sealed for the offered slot. */
export class BeginVerificationDto {
  @Field({ description: '`none` when the upstream needs no credential; the handshake then runs at once' })
  @Optional()
  @IsIn(['none'])
  credential?: 'none';
}
