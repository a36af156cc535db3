import { ApiProperty } from '@nestjs/swagger';
import type { SeenUpstream } from './seen-gateways.service.js';

/** States of an upstream, as far as calls show it. */
export const LIVENESS = ['answers', 'fails', 'unknown'] as const;

/** What calls of clients show about an upstream. */
export class LivenessView {
  @ApiProperty({
    enum: LIVENESS,
    description:
      '`answers`: also with a refusal such as 401; `fails`: it could not be reached; `unknown`: no call since this registry started',
  })
  state!: (typeof LIVENESS)[number];
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) answeredAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) failedAt!: string | null;
}

/** The newer of both observations decides. */
export function toLivenessView({ answeredAt = 0, failedAt = 0 }: SeenUpstream = {}): LivenessView {
  const at = (ms: number): string | null => (ms === 0 ? null : new Date(ms).toISOString());
  const known = answeredAt >= failedAt ? 'answers' : 'fails';
  const state = answeredAt + failedAt === 0 ? 'unknown' : known;
  return { state, answeredAt: at(answeredAt), failedAt: at(failedAt) };
}
