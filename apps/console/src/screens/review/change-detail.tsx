import { type ReactNode, useEffect, useRef } from 'react';
import type { Change } from '../../api/reviews.js';
import { ChangeDiff } from '../../parts/diff/change-diff.js';
import { ShownText } from '../../parts/shown-text.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/field.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { AffectedServers } from './affected-servers.js';
import { ChangeBadges } from './change-badges.js';
import { changeKey, isOpen } from './review-changes.js';
import styles from './review.module.css';
import { REVIEW } from './texts.js';
import type { Deciding } from './use-review.js';

/** Where a change stands in the list. */
interface Place {
  at: number;
  count: number;
  go: (index: number) => void;
}

interface ChangeDetailProps {
  change: Change;
  /** Slug. */
  gateway: string;
  /** Somebody has gone to this change: its heading gets the focus. */
  isFocused: boolean;
  place: Place;
  deciding: Deciding | undefined;
}

/** One change: what differs, what it hides, and which virtual servers it concerns. */
export function ChangeDetail({ change, gateway, isFocused, place, deciding }: ChangeDetailProps): ReactNode {
  const { text } = useFormats();
  const heading = useRef<HTMLHeadingElement>(null);
  const key = changeKey(change);
  useEffect(() => {
    if (isFocused) heading.current?.focus();
  }, [isFocused, key]);
  return (
    <Card>
      <div className={styles['detailHead']}>
        <div>
          <h2 ref={heading} tabIndex={-1}>
            <ShownText content={change.kind === 'server' ? text(REVIEW.serverName) : change.name} />
          </h2>
          <ChangeBadges change={change} />
        </div>
        <Steps place={place} />
      </div>
      {deciding && isOpen(change) && (
        <CheckField
          label={text(REVIEW.choose)}
          isOn={deciding.chosen.has(key)}
          onValue={(isChosen) => deciding.choose([key], isChosen)}
        />
      )}
      {change.hidden.length > 0 && (
        <Notice tone="bad" title={text(REVIEW.hiddenTitle)}>
          {text(REVIEW.hiddenText)}
        </Notice>
      )}
      <ChangeDiff key={key} change={change} />
      <AffectedServers change={change} gateway={gateway} />
    </Card>
  );
}

function Steps({ place: { at, count, go } }: { place: Place }): ReactNode {
  const { text } = useFormats();
  return (
    <Row>
      <Button isSmall disabled={at === 0} onClick={() => go(at - 1)}>
        {text(REVIEW.previous)}
      </Button>
      <span className={styles['soft']} aria-live="polite">
        {text(REVIEW.position, { at: at + 1, count })}
      </span>
      <Button isSmall disabled={at >= count - 1} onClick={() => go(at + 1)}>
        {text(REVIEW.next)}
      </Button>
    </Row>
  );
}
