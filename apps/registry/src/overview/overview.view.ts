import { ApiProperty } from '@nestjs/swagger';

/** How many gateways there are, and in which states. */
export class GatewayCountsView {
  @ApiProperty() total!: number;
  @ApiProperty({ description: 'A verification was applied' }) verified!: number;
  @ApiProperty() unverified!: number;
  @ApiProperty({ description: 'Switched off' }) off!: number;
  @ApiProperty({ description: 'Changes wait for a review' }) pending!: number;
  @ApiProperty({ description: 'Proxies saw that their items may have changed' }) suspected!: number;
}

/** Virtual servers. */
export class ServerCountsView {
  @ApiProperty() total!: number;
  @ApiProperty({ description: 'Switched on, and with at least one gateway' }) published!: number;
}

/** A key that ends soon. */
export class EndingKeyView {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty({ format: 'date-time' }) endsAt!: string;
}

/** Keys of callers that are neither revoked nor ended. */
export class KeyCountsView {
  @ApiProperty() active!: number;
  @ApiProperty({ description: 'How many end within 30 days' }) endingCount!: number;
  @ApiProperty({ type: [EndingKeyView], description: 'Those of them that end first, at most 20' })
  ending!: EndingKeyView[];
}

/** A credential that is kept for a gateway and ends soon. */
export class EndingKeptView {
  @ApiProperty({ description: 'Slug of the gateway' }) gateway!: string;
  @ApiProperty({ format: 'date-time', description: 'Proxies refuse it from then on' }) endsAt!: string;
}

/** Credentials that proxies keep. */
export class KeptCountsView {
  @ApiProperty() usable!: number;
  @ApiProperty({ description: 'How many end within 30 days' }) endingCount!: number;
  @ApiProperty({ type: [EndingKeptView], description: 'Those of them that end first, at most 20' })
  ending!: EndingKeptView[];
}

/** What there is, and what needs somebody soon. */
export class OverviewView {
  @ApiProperty({ type: GatewayCountsView }) gateways!: GatewayCountsView;
  @ApiProperty({ type: ServerCountsView }) servers!: ServerCountsView;
  @ApiProperty({ type: KeyCountsView }) keys!: KeyCountsView;
  @ApiProperty({ type: KeptCountsView }) kept!: KeptCountsView;
  @ApiProperty({ description: 'Whether a call to an upstream was ever seen to succeed, or a key to be used' })
  wasCalled!: boolean;
}
