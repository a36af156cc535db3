import { ApiProperty } from '@nestjs/swagger';

const CALLS = { description: 'Messages of MCP clients that ended: calls, and others such as `initialize`' };
const ERRORS = { description: 'Those with an outcome other than `ok` and `client_gone`' };
const MEAN = { description: 'Until the complete response was sent, the mean of all, in milliseconds' };

/** Calls of one minute, or of one quarter of an hour. */
export class ActivityPointView {
  @ApiProperty({ format: 'date-time', description: 'Its beginning' }) at!: string;
  @ApiProperty(CALLS) calls!: number;
  @ApiProperty(ERRORS) errors!: number;
}

/** Calls by how they ended. */
export class OutcomeCountView {
  @ApiProperty({ description: '`ok`, `client_gone` (also cancelled), or the code of an error' }) outcome!: string;
  @ApiProperty() calls!: number;
}

/** Calls of one method. */
export class MethodCountView {
  @ApiProperty({ example: 'tools/call' }) method!: string;
  @ApiProperty() calls!: number;
  @ApiProperty(ERRORS) errors!: number;
  @ApiProperty(MEAN) meanMs!: number;
}

/** Calls of one virtual server, or of one gateway. */
export class SlugCountView {
  @ApiProperty({ description: 'It may be deleted; `(other)` stands for those that are not counted apart' })
  slug!: string;
  @ApiProperty() calls!: number;
  @ApiProperty(ERRORS) errors!: number;
  @ApiProperty(MEAN) meanMs!: number;
}

/** Calls that one limit has refused. */
export class LimitedCountView {
  @ApiProperty({ description: '`caller`, `tools`, `concurrent`, `gateway_concurrent` or `gateway_circuit`' })
  limit!: string;
  @ApiProperty() gateway!: string;
  @ApiProperty() server!: string;
  @ApiProperty() calls!: number;
}

/** Streams of one kind. */
export class OpenStreamsView {
  @ApiProperty({ description: '`session`, `listen` or `resumed_call`' }) kind!: string;
  @ApiProperty() open!: number;
}

/** What proxies told of calls. Lists have at most 100 members, those with the most calls first. */
export class ActivityView {
  @ApiProperty({ format: 'date-time', description: 'The beginning of the first point' }) from!: string;
  @ApiProperty({ format: 'date-time', description: 'The end of the last point, which is still being counted' })
  to!: string;
  @ApiProperty({ description: 'How long a point counts' }) stepSeconds!: number;
  @ApiProperty({ type: [ActivityPointView], description: 'In their order, also those without a call' })
  points!: ActivityPointView[];
  @ApiProperty({ type: [OutcomeCountView] }) outcomes!: OutcomeCountView[];
  @ApiProperty({ type: [MethodCountView] }) methods!: MethodCountView[];
  @ApiProperty({ type: [SlugCountView] }) servers!: SlugCountView[];
  @ApiProperty({ type: [SlugCountView], description: 'Without messages that no gateway got' })
  gateways!: SlugCountView[];
  @ApiProperty({ type: [LimitedCountView] }) limited!: LimitedCountView[];
  @ApiProperty({ type: [OpenStreamsView], description: 'Open now at all proxies, whatever is filtered' })
  streams!: OpenStreamsView[];
}
