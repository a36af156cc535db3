import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Verification } from '../../api/verifications.js';
import { type Receipt, verifyReceipt } from '../../sealing/receipt.js';
import { SealingRefused } from '../../sealing/sealing-refused.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { Loading } from '../../ui/states.js';
import { CREDENTIAL } from './credential-texts.js';
import { FingerprintShown } from './fingerprint-shown.js';
import styles from './register.module.css';
import { RECEIPT } from './result-texts.js';
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
      verifyReceipt(jws, watched.keys, watched.intended, state === 'verified').catch((error: unknown) => {
        if (error instanceof SealingRefused) return error;
        throw error;
      }),
    enabled: jws !== '',
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: false,
  });
  if (jws === '') return <Notice>{text(RECEIPT.none)}</Notice>;
  if (checked.data === undefined) return <Loading />;
  if (checked.data instanceof SealingRefused) {
    return (
      <Notice tone="bad" title={text(RECEIPT.invalid)}>
        <p>{text(CREDENTIAL[`refused_${checked.data.why}`])}</p>
      </Notice>
    );
  }
  const { receipt, fingerprint } = checked.data;
  return (
    <Card title={text(RECEIPT.title)}>
      <ul className={styles['bullets']}>
        <Story receipt={receipt} sealedAt={watched.sealedAt} />
      </ul>
      <Notice tone="good">
        <p>{text(RECEIPT.signature)}</p>
        <FingerprintShown fingerprint={fingerprint} />
      </Notice>
      <Row>
        <Button onClick={() => download(`lethe-receipt-${receipt.order.slug}-${receipt.order.vid}.jws`, jws)}>
          {text(RECEIPT.download)}
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
  const went = text(isSealed ? RECEIPT.went : RECEIPT.wentOpen, { requests });
  return (
    <>
      <li>{isSealed ? text(RECEIPT.sealed, { time: time(sealedAt), connector }) : text(RECEIPT.open)}</li>
      {discovery && <li>{text(RECEIPT.before, { requests: discovery.requests })}</li>}
      <li>
        {went} <span className={styles['word']}>{list(origins)}</span>
      </li>
      <li>{text(isSealed ? RECEIPT.dropped : RECEIPT.droppedOpen, end)}</li>
      {isSealed && <li>{text(RECEIPT.nothing)}</li>}
      {isSealed && <li>{text(RECEIPT.page)}</li>}
    </>
  );
}

/** Saves a text as a file of this name. */
function download(name: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'application/jose' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
