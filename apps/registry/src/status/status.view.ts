import { ApiProperty } from '@nestjs/swagger';

class ProxyView {
  @ApiProperty({ description: 'Name of its host' }) host!: string;
  @ApiProperty({ format: 'date-time' }) seenAt!: string;
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'The newest revision when its routes were last compared and found to be current; null before that',
  })
  confirmedRevision!: number | null;
  @ApiProperty({ description: 'Whether it opens kept credentials: LETHE_KEPT_CREDENTIALS' }) opensKept!: boolean;
}

class ConnectorsView {
  @ApiProperty({ description: 'Connectors that announced themselves within the last minute' }) live!: number;
  @ApiProperty() freeSlots!: number;
  @ApiProperty() lentSlots!: number;
}

/** How the registry is, and what it has heard of the other services. */
export class StatusView {
  @ApiProperty() version!: string;
  @ApiProperty({ format: 'date-time', description: 'The clock of the registry' }) at!: string;
  @ApiProperty({ nullable: true, type: String, description: 'Where clients reach the proxies: LETHE_PUBLIC_URL' })
  publicUrl!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    description:
      'Where a page of this registry reaches the proxies: `publicUrl`; without it, where one process is all of Lethe, its proxy ' +
      'by the loopback name of this request; null if neither is known',
  })
  proxyUrl!: string | null;
  @ApiProperty({ description: 'Whether this registry serves the console, at /console/' }) hasConsole!: boolean;
  @ApiProperty({ description: 'Whether every check holds, as /readyz says' }) isReady!: boolean;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'boolean' } }) checks!: Record<string, boolean>;
  @ApiProperty({ description: 'The newest published revision' }) revision!: number;
  @ApiProperty({ type: ConnectorsView }) connectors!: ConnectorsView;
  @ApiProperty({ type: [ProxyView], description: 'Live proxies, one for each worker' }) proxies!: ProxyView[];
}
