import type { ReactNode } from 'react';
import type { Gateway } from '../../api/gateways.js';
import type { Verification } from '../../api/verifications.js';
import { useFormats } from '../../text/text.js';
import { ButtonLink } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { SKIPPED } from './handshake-texts.js';
import styles from './register.module.css';
import { RESULT } from './result-texts.js';
import { useWarningText } from './warning-text.js';

interface VerifiedProps {
  gateway: Gateway;
  view: Verification;
  isNew: boolean;
}

const COUNTED = ['tools', 'resources', 'resourceTemplates', 'prompts', 'skipped'] as const;

/** A verification that has a catalogue: what it offers, what is worth knowing, and where to go on. */
export function Verified({ gateway, view, isNew }: VerifiedProps): ReactNode {
  const { text, number } = useFormats();
  const { slug } = gateway;
  const { counts, review } = view;
  return (
    <>
      <Notice tone={review ? 'warn' : 'good'} title={text(RESULT.verified, { name: gateway.name })}>
        <p>{review ? `${text(RESULT.review)} ${text(RESULT[`review_${review.why}`])}` : <Changes view={view} />}</p>
      </Notice>
      <Card title={text(RESULT.catalogue)}>
        {counts && (
          <dl className={styles['counts']}>
            {COUNTED.filter((each) => each !== 'skipped' || counts.skipped > 0).map((each) => (
              <div key={each}>
                <dt>{text(RESULT[each])}</dt>
                <dd>{number(counts[each])}</dd>
              </div>
            ))}
          </dl>
        )}
        <Row>
          {review ? (
            <ButtonLink look="primary" to="/gateways/$ref/review/$vid" params={{ ref: slug, vid: view.id }}>
              {text(RESULT.openReview)}
            </ButtonLink>
          ) : (
            isNew && (
              <ButtonLink look="primary" to="/servers/new" search={{ gateway: slug }}>
                {text(RESULT.compose)}
              </ButtonLink>
            )
          )}
          <ButtonLink to="/gateways/$ref" params={{ ref: slug }}>
            {text(RESULT.toGateway)}
          </ButtonLink>
        </Row>
      </Card>
      <Warnings view={view} />
      <LeftOut view={view} />
    </>
  );
}

/** Nothing for a first verification, which has nothing to be compared with. */
function Changes({ view: { diff, comparedWith } }: { view: Verification }): ReactNode {
  const { text } = useFormats();
  if (comparedWith === undefined || !diff) return null;
  const [added, changed, removed] = [diff.added.length, diff.changed.length, diff.removed.length];
  return added + changed + removed === 0 ? text(RESULT.unchanged) : text(RESULT.changed, { added, changed, removed });
}

function Warnings({ view: { warnings = [] } }: { view: Verification }): ReactNode {
  const { text } = useFormats();
  const warningText = useWarningText();
  if (warnings.length === 0) return null;
  const lines = [...new Set(warnings.map(warningText))];
  return (
    <Card title={text(RESULT.warnings)}>
      <ul className={styles['bullets']}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Card>
  );
}

function LeftOut({ view: { skipped = [] } }: { view: Verification }): ReactNode {
  const { text } = useFormats();
  if (skipped.length === 0) return null;
  return (
    <Card title={text(RESULT.leftOutTitle, { count: skipped.length })}>
      <ul className={styles['bullets']}>
        {skipped.map(({ kind, index, era, reason }) => (
          <li key={`${kind} ${String(index)} ${era ?? ''}`}>
            {text(RESULT.leftOut, { kind, index: index + 1, reason: text(SKIPPED[reason]) })}
          </li>
        ))}
      </ul>
    </Card>
  );
}
