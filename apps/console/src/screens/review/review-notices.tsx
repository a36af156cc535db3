import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Review } from '../../api/reviews.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { UI } from '../../ui/texts.js';
import { REVIEW } from './texts.js';
import type { Deciding } from './use-review.js';

const route = getRouteApi('/gateways/$ref/review/$vid');

interface ReviewNoticesProps {
  review: Review;
  /** The verification of the gateway that waits for a review or has rejected changes. */
  newest: string | null;
  deciding: Deciding;
  isWhole: boolean;
}

/** Why a result waits, that a newer one took its place, or that somebody else has decided in the meantime. */
export function ReviewNotices({ review, newest, deciding, isWhole }: ReviewNoticesProps): ReactNode {
  const { text } = useFormats();
  const { changes, waits } = review;
  const waiting = changes.filter(({ status }) => status === 'pending').length;
  const isSuperseded = changes.some(({ status }) => status === 'superseded');
  const dismiss = (
    <Button isSmall onClick={deciding.forgetOutdated}>
      {text(UI.dismiss)}
    </Button>
  );
  return (
    <>
      {deciding.isOutdated && (
        <Notice tone="bad" title={text(REVIEW.otherTitle)} actions={dismiss}>
          {text(REVIEW.otherText)}
        </Notice>
      )}
      {isSuperseded && <Superseded newest={newest} />}
      {waiting > 0 && (
        <Notice tone="warn" title={text(REVIEW.waitsTitle, { count: waiting })}>
          {waits && text(REVIEW[`waits_${waits}`])}
        </Notice>
      )}
      {waiting === 0 && !isSuperseded && <Notice>{text(REVIEW.decided)}</Notice>}
      {!isWhole && <Notice>{text(REVIEW.loadingMore, { count: changes.length })}</Notice>}
    </>
  );
}

function Superseded({ newest }: { newest: string | null }): ReactNode {
  const { text } = useFormats();
  const { ref, vid } = route.useParams();
  const go = newest !== null && newest !== vid && (
    <ButtonLink to="/gateways/$ref/review/$vid" params={{ ref, vid: newest }} look="primary">
      {text(REVIEW.newest)}
    </ButtonLink>
  );
  return (
    <Notice tone="warn" title={text(REVIEW.supersededTitle)} actions={go}>
      {text(REVIEW.supersededText)}
    </Notice>
  );
}
