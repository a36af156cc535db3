import type { ReceiptClaims } from '@lethe/contracts';
import { columns } from '../terminal/printable.js';
import type { VerifiedReceipt } from './read-receipt.js';

/** Formats a receipt for people. */
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

/** Formats counts, without zeros: `3 tools, 1 prompt`. */
export function countsText(counts: NonNullable<ReceiptClaims['counts']>): string {
  const { tools, resources, resourceTemplates, prompts, skipped } = counts;
  const parts = [
    counted(tools, 'tool'),
    counted(resources, 'resource'),
    counted(resourceTemplates, 'resource template'),
    counted(prompts, 'prompt'),
    skipped > 0 ? [`${skipped} left out`] : [],
  ];
  return parts.flat().join(', ') || 'empty';
}

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`];
}
