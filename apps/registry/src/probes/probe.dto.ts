import type { Transport } from '@lethe/contracts';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';

const TRANSPORTS: readonly Transport[] = ['auto', 'streamable-http', 'sse'];

/** What to look at. */
export class ProbeDto {
  @Field({ description: 'A URL that may be registered' }) @IsString() @MaxLength(2_048) url!: string;
  @Field({ default: 'auto' }) @Optional() @IsIn(TRANSPORTS) transport?: Transport;
}
