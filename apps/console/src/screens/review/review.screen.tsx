import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useDeferredValue, useState } from 'react';
import { oneGateway } from '../../api/gateways.js';
import type { Review } from '../../api/reviews.js';
import { oneVerification } from '../../api/verifications.js';
import { useMay } from '../../session/session.js';
import { useFormats } from '../../text/text.js';
import { Button, ButtonLink } from '../../ui/button.js';
import { Page } from '../../ui/page.js';
import { Empty, Shown } from '../../ui/states.js';
import { ChangeDetail } from './change-detail.js';
import { ChangeFilterBar } from './change-filter-bar.js';
import { ChangeList } from './change-list.js';
import { DecisionBar } from './decision-bar.js';
import { changeKey, matching } from './review-changes.js';
import { ReviewNotices } from './review-notices.js';
import styles from './review.module.css';
import { REVIEW } from './texts.js';
import { positionOf, useAllChanges, useDeciding } from './use-review.js';

const route = getRouteApi('/gateways/$ref/review/$vid');

/** What a verification has changed, side by side, and the decision about it. */
export function ReviewScreen(): ReactNode {
  const { text, since } = useFormats();
  const { ref, vid } = route.useParams();
  const gateway = useQuery(oneGateway(ref));
  const verification = useQuery(oneVerification(ref, vid));
  const changes = useAllChanges(ref, vid);
  const { attempt, finishedAt } = verification.data ?? {};
  const lead = attempt !== undefined && finishedAt !== undefined && (
    <>{text(REVIEW.leadAttempt, { attempt, when: since(finishedAt) })}</>
  );
  const back = (
    <>
      <ButtonLink to="/gateways/$ref" params={{ ref }} search={{ tab: 'verifications' }}>
        {text(REVIEW.back)}
      </ButtonLink>
      <ButtonLink to="/gateways/$ref" params={{ ref }}>
        {text(REVIEW.backToGateway)}
      </ButtonLink>
    </>
  );
  return (
    <Page title={text(REVIEW.title, { name: gateway.data?.value.name ?? ref })} lead={lead} actions={back}>
      <Shown query={gateway}>
        {({ value }) => (
          <Shown query={changes}>
            {(review) =>
              review.changes.length === 0 ? (
                <Empty title={text(REVIEW.emptyTitle)}>{text(REVIEW.empty)}</Empty>
              ) : (
                <Changes key={vid} review={review} gateway={value} isWhole={!changes.hasNextPage} />
              )
            }
          </Shown>
        )}
      </Shown>
    </Page>
  );
}

interface ChangesProps {
  review: Review;
  gateway: { name: string; slug: string; reviewVerification: string | null };
  /** Whether all changes are read. */
  isWhole: boolean;
}

function Changes({ review, gateway, isWhole }: ChangesProps): ReactNode {
  const { text } = useFormats();
  const { ref, vid } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const deciding = useDeciding({ ref, vid, gateway: gateway.name }, review);
  const mayDecide =
    useMay('editor') && review.changes.some(({ status }) => status === 'pending' || status === 'rejected');
  const [focused, setFocused] = useState<string>();
  const filters = useDeferredValue(search);
  const shown = matching(review.changes, filters);
  const at = positionOf(shown, search.item);
  const current = shown[at];
  const go = (index: number): void => {
    const next = shown[index];
    if (next) void navigate({ search: { ...search, item: changeKey(next) }, replace: true, resetScroll: false });
  };
  return (
    <>
      <ReviewNotices review={review} newest={gateway.reviewVerification} deciding={deciding} isWhole={isWhole} />
      {mayDecide && <DecisionBar deciding={deciding} isWhole={isWhole} />}
      <div className={styles['columns']}>
        <div className={styles['list']}>
          <ChangeFilterBar />
          {current === undefined ? (
            <Empty
              title={text(REVIEW.noneTitle)}
              action={<Button onClick={() => void navigate({ search: {} })}>{text(REVIEW.clear)}</Button>}
            />
          ) : (
            <ChangeList
              changes={shown}
              current={changeKey(current)}
              deciding={mayDecide ? deciding : undefined}
              onOpen={setFocused}
            />
          )}
        </div>
        {current && (
          <ChangeDetail
            change={current}
            gateway={gateway.slug}
            isFocused={focused === changeKey(current)}
            place={{ at, count: shown.length, go }}
            deciding={mayDecide ? deciding : undefined}
          />
        )}
      </div>
    </>
  );
}
