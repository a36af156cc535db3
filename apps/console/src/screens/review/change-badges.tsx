import type { ReactNode } from 'react';
import type { Change } from '../../api/reviews.js';
import { useFormats } from '../../text/text.js';
import { Badge, type Tone } from '../../ui/badge.js';
import { Row } from '../../ui/page.js';
import { REVIEW } from './texts.js';

const CHANGE_TONES: Record<Change['change'], Tone> = { added: 'good', changed: 'neutral', removed: 'bad' };
const STATUS_TONES: Record<Change['status'], Tone> = {
  served: 'good',
  pending: 'warn',
  applied: 'good',
  rejected: 'bad',
  superseded: 'neutral',
};

/** What changed, what was decided, and whether it hides something. */
export function ChangeBadges({ change: { change, status, hidden } }: { change: Change }): ReactNode {
  const { text } = useFormats();
  return (
    <Row>
      <Badge tone={CHANGE_TONES[change]}>{text(REVIEW[change])}</Badge>
      <Badge tone={STATUS_TONES[status]}>{text(REVIEW[status])}</Badge>
      {hidden.length > 0 && <Badge tone="bad">{text(REVIEW.hidden)}</Badge>}
    </Row>
  );
}
