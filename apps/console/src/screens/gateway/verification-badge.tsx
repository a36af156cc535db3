import type { ReactNode } from 'react';
import type { Verification } from '../../api/verifications.js';
import { useFormats } from '../../text/text.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { VERIFICATION_STATE } from './texts.js';

const TONES: Record<Verification['state'], Tone> = {
  awaiting_credential: 'neutral',
  running: 'neutral',
  verified: 'good',
  failed: 'bad',
  lost: 'bad',
  expired: 'warn',
  cancelled: 'warn',
};

/** The state of a verification in a word. */
export function VerificationBadge({ state }: { state: Verification['state'] }): ReactNode {
  const { text } = useFormats();
  return <Badge tone={TONES[state]}>{text(VERIFICATION_STATE[state])}</Badge>;
}
