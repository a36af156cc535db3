import { ApiProperty } from '@nestjs/swagger';
import type { SeenCall } from './seen-call.entity.js';

const text = { nullable: true, type: String };
const KEY = /^key:(?<id>[0-9a-f]{16})$/;

/** One of the last calls, by facts of its log line: never arguments, results or values of headers. */
export class CallView {
  @ApiProperty({ description: 'Tells it apart from others' }) id!: number;
  @ApiProperty({ format: 'date-time', description: 'When it ended' }) at!: string;
  @ApiProperty({ description: 'Slug of the virtual server' }) server!: string;
  @ApiProperty({ ...text, description: 'Slug of the gateway; null if none got it' }) gateway!: string | null;
  @ApiProperty({ example: 'tools/call' }) method!: string;
  @ApiProperty({ ...text, description: 'Exposed name of the tool or prompt' }) item!: string | null;
  @ApiProperty({ description: '`key:<id>`, `jwt:<iss>#<sub>`, or `open`' }) caller!: string;
  @ApiProperty({ ...text, description: "Id of the caller's key" }) key!: string | null;
  @ApiProperty({ ...text, description: 'What the client calls itself' }) client!: string | null;
  @ApiProperty({ description: '`ok`, `client_gone` (also cancelled), or the code of an error' }) outcome!: string;
  @ApiProperty({ ...text, description: 'The limit that has refused it' }) limit!: string | null;
  @ApiProperty({ description: 'Until the complete response was sent' }) durationMs!: number;
}

/** Converts a call to its form in the admin API. */
export function toCallView(call: SeenCall): CallView {
  return {
    id: call.id,
    at: call.endedAt.toISOString(),
    server: call.server,
    gateway: orNull(call.gateway),
    method: call.method,
    item: orNull(call.item),
    caller: call.caller,
    key: KEY.exec(call.caller)?.groups?.['id'] ?? null,
    client: orNull(call.client),
    outcome: call.outcome,
    limit: orNull(call.refusedBy),
    durationMs: call.durationMs,
  };
}

function orNull(value: string): string | null {
  return value === '' ? null : value;
}
