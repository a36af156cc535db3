import type { ReceiptClaims } from '@lethe/contracts';
import { columns } from '../terminal/printable.js';
import type { VerifiedReceipt } from './read-receipt.js';

/** A receipt as a person reads it. */
export function receiptText({ receipt, fingerprint }: VerifiedReceipt): string[] {
  const { counts, facts, slotEnd } = receipt;
  const durationMs = Date.parse(receipt.finishedAt) - Date.parse(receipt.startedAt);
  const rows: [string, string][] = [
    ['  url', receipt.order.url],
    ['  dialled', receipt.origins.join(', ') || 'nothing'],
    ['  requests', String(receipt.requests)],
    ['  when', `${receipt.startedAt}, for ${durationMs} ms`],
    ['  slot', `${receipt.slot}, ${slotEnd.how} at ${slotEnd.at}`],
    ['  connector', `${receipt.connector}, key ${fingerprint}`],
  ];
  if (facts) {
    const sessions = facts.sessionful ? 'with sessions' : 'without sessions';
    rows.push(['  upstream', `${facts.era}, protocol ${facts.protocolVersion}, ${facts.transport}, ${sessions}`]);
  }
  if (counts) rows.push(['  catalogue', countsText(counts)]);
  if (receipt.digest !== undefined) rows.push(['  digest', `sha256 ${receipt.digest}`]);
  return ['Receipt, signed by the connector:', ...columns(rows)];
}

/** `3 tools, 0 resources, …`. */
export function countsText(counts: NonNullable<ReceiptClaims['counts']>): string {
  const parts = [
    `${counts.tools} tools`,
    `${counts.resources} resources`,
    `${counts.resourceTemplates} resource templates`,
    `${counts.prompts} prompts`,
  ];
  return [...parts, ...(counts.skipped > 0 ? [`${counts.skipped} left out`] : [])].join(', ');
}
