import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ConnectorIdentity, connectors } from '../../api/connectors.js';
import type { Verification } from '../../api/verifications.js';
import { allKeys } from '../../sealing/connector-key.js';
import { isRemembered } from '../../sealing/known-fingerprints.js';
import { type Receipt, verifyReceipt } from '../../sealing/receipt.js';
import { SealingRefused } from '../../sealing/sealing-refused.js';
import { useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { Dialog } from '../../ui/dialog.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Facts } from '../../ui/page.js';
import { Loading, Shown } from '../../ui/states.js';
import { download } from '../download.js';
import { REFUSAL } from '../refusal-texts.js';
import styles from './receipt-dialog.module.css';
import { RECEIPT } from './receipt-texts.js';

interface ReceiptDialogProps {
  verification: Verification;
  receipt: string;
  onClose: () => void;
}

/** The receipt of a verification: checked in this page, in words, and to take away. */
export function ReceiptDialog({ verification, receipt, onClose }: ReceiptDialogProps): ReactNode {
  const { text } = useFormats();
  const keys = useQuery(connectors());
  const save = (): void => download(`receipt-${verification.id}.jws`, receipt, 'application/jose');
  return (
    <Dialog
      title={text(RECEIPT.title, { attempt: verification.attempt })}
      onClose={onClose}
      actions={<Button onClick={save}>{text(RECEIPT.download)}</Button>}
    >
      <Shown query={keys}>{(known) => <Checked jws={receipt} verification={verification} keys={known} />}</Shown>
      <Code label={text(RECEIPT.raw)} content={receipt} />
    </Dialog>
  );
}

interface CheckedProps {
  jws: string;
  verification: Verification;
  keys: readonly ConnectorIdentity[];
}

function Checked({ jws, verification, keys }: CheckedProps): ReactNode {
  const { text } = useFormats();
  const { id: vid, gatewayId, state } = verification;
  const checked = useQuery({
    queryKey: ['receipts', 'of', vid, state, jws, keys.map((key) => `${key.kid} ${key.state}`)],
    queryFn: async () => verifyReceipt(jws, await allKeys(keys), { vid, gatewayId, isVerified: state === 'verified' }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: false,
    retry: false,
  });
  if (checked.data) return <ReceiptFacts {...checked.data} />;
  if (checked.error instanceof SealingRefused) {
    return (
      <Notice tone="bad" title={text(RECEIPT.invalid)}>
        {text(REFUSAL[checked.error.why])}
      </Notice>
    );
  }
  if (checked.error) return <Notice tone="warn">{text(RECEIPT.unsupported, { command: 'lethe verify' })}</Notice>;
  return <Loading />;
}

function ReceiptFacts({ receipt, fingerprint }: { receipt: Receipt; fingerprint: string }): ReactNode {
  const { text, time, number, list } = useFormats();
  const { order, startedAt, finishedAt, discovery, digest, connector } = receipt;
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return (
    <>
      <Notice tone="good" title={text(RECEIPT.valid)}>
        {text(RECEIPT.validWhy)}
      </Notice>
      {isRemembered(fingerprint) === false && <Notice tone="warn">{text(RECEIPT.other_key)}</Notice>}
      <Happened receipt={receipt} />
      <Facts
        facts={[
          [text(RECEIPT.url), <code key="url">{order.url}</code>],
          [text(RECEIPT.when), text(RECEIPT.lasted, { time: time(startedAt), ms: number(ms) })],
          [
            text(RECEIPT.discovery),
            discovery && text(RECEIPT.asked, { origins: list(discovery.origins), requests: discovery.requests }),
          ],
          [text(RECEIPT.connector), connector],
          [text(RECEIPT.key), <code key="key">{fingerprint}</code>],
          [text(RECEIPT.digest), digest && <code>{digest}</code>],
        ]}
      />
    </>
  );
}

function Happened({ receipt: { origins, requests, slotEnd } }: { receipt: Receipt }): ReactNode {
  const { text, time, list } = useFormats();
  return (
    <section>
      <h3>{text(RECEIPT.happened)}</h3>
      <ul className={styles['list']}>
        <li>{text(RECEIPT.opened, { how: text(RECEIPT[slotEnd.how]), time: time(slotEnd.at) })}</li>
        <li>
          {origins.length === 0 ? text(RECEIPT.nowhere) : text(RECEIPT.sent, { origins: list(origins), requests })}
        </li>
        <li>{text(RECEIPT.not_stored)}</li>
      </ul>
    </section>
  );
}
