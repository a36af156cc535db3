import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Verification } from '../../api/verifications.js';
import { download } from '../../parts/download.js';
import { REFUSAL } from '../../parts/refusal-texts.js';
import { type Receipt, verifyReceipt } from '../../sealing/receipt.js';
import { SealingRefused } from '../../sealing/sealing-refused.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { Loading } from '../../ui/states.js';
import { FingerprintShown } from './fingerprint-shown.js';
import styles from './register.module.css';
import { HAPPENED } from './result-texts.js';
import type { Watched } from './use-verification.js';

interface ReceiptProps {
  view: Verification;
  watched: Watched;
}

/** The signed receipt of a verification, checked in the page, in plain words. */
export function ReceiptCard({ view, watched }: ReceiptProps): ReactNode {
  const { text } = useFormats();
  const { receipt: jws = '', state } = view;
  const checked = useQuery({
    queryKey: ['receipt', view.id, jws],
    queryFn: async () =>
      verifyReceipt(jws, watched.keys, { ...watched.intended, isVerified: state === 'verified' }).catch(
        (error: unknown) => {
          if (error instanceof SealingRefused) return error;
          throw error;
        },
      ),
    enabled: jws !== '',
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: false,
  });
  if (jws === '') return <Notice>{text(HAPPENED.none)}</Notice>;
  if (checked.data === undefined) return <Loading />;
  if (checked.data instanceof SealingRefused) {
    return (
      <Notice tone="bad" title={text(HAPPENED.invalid)}>
        <p>{text(REFUSAL[checked.data.why])}</p>
      </Notice>
    );
  }
  const { receipt, fingerprint } = checked.data;
  return (
    <Card title={text(HAPPENED.title)}>
      <ul className={styles['bullets']}>
        <Story receipt={receipt} sealedAt={watched.sealedAt} />
      </ul>
      <Notice tone="good">
        <p>{text(HAPPENED.signature)}</p>
        <FingerprintShown fingerprint={fingerprint} />
      </Notice>
      <Row>
        <Button
          onClick={() =>
            download(`lethe-receipt-${receipt.order.slug}-${receipt.order.vid}.jws`, jws, 'application/jose')
          }
        >
          {text(HAPPENED.download)}
        </Button>
      </Row>
    </Card>
  );
}

function Story({ receipt, sealedAt }: { receipt: Receipt; sealedAt: string | undefined }): ReactNode {
  const { text, time, list } = useFormats();
  const { connector, requests, origins, discovery, slotEnd } = receipt;
  const isSealed = sealedAt !== undefined;
  const end = { how: slotEnd.how, time: time(slotEnd.at) };
  const went = text(isSealed ? HAPPENED.went : HAPPENED.wentOpen, { requests });
  return (
    <>
      <li>{isSealed ? text(HAPPENED.sealed, { time: time(sealedAt), connector }) : text(HAPPENED.open)}</li>
      {discovery && <li>{text(HAPPENED.before, { requests: discovery.requests })}</li>}
      <li>
        {went} <span className={styles['word']}>{list(origins)}</span>
      </li>
      <li>{text(isSealed ? HAPPENED.dropped : HAPPENED.droppedOpen, end)}</li>
      {isSealed && <li>{text(HAPPENED.nothing)}</li>}
      {isSealed && <li>{text(HAPPENED.page)}</li>}
    </>
  );
}
