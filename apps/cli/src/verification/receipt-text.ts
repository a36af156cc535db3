import type { DiscoveryTrace, OAuthFacts, ReceiptClaims, ReceiptFacts } from '@lethe/contracts';
import { columns, countText } from '../terminal/printable.js';
import type { VerifiedReceipt } from './read-receipt.js';

/** Formats a receipt for people. */
export function receiptText({ receipt, fingerprint }: VerifiedReceipt): string[] {
  const { counts, facts, slotEnd, discovery } = receipt;
  const durationMs = Date.parse(receipt.finishedAt) - Date.parse(receipt.startedAt);
  const rows: [string, string][] = [
    ['  url', receipt.order.url],
    ['  dialled', receipt.origins.join(', ') || 'nothing'],
    ['  requests', String(receipt.requests)],
    ...(discovery ? [['  looked at', lookText(discovery)] satisfies [string, string]] : []),
    ['  when', `${receipt.startedAt}, for ${durationMs} ms`],
    ['  slot', `${receipt.slot}, ${slotEnd.how} at ${slotEnd.at}`],
    ['  connector', `${receipt.connector}, key ${fingerprint}`],
  ];
  if (facts) {
    rows.push(['  upstream', `${eraText(facts)}, ${facts.transport}`]);
    if (facts.otherEra) rows.push(['  and', eraText(facts.otherEra)]);
  }
  if (facts?.oauth) rows.push(['  logins', whereToLogIn(facts.oauth)]);
  if (counts) rows.push(['  catalogue', countsText(counts)]);
  if (receipt.digest !== undefined) rows.push(['  digest', `sha256 ${receipt.digest}`]);
  return ['Receipt, signed by the connector:', ...columns(rows)];
}

function lookText({ origins, requests }: DiscoveryTrace): string {
  return `${origins.join(', ')}, without the credential, ${countText(requests, 'request')}`;
}

/** Formats where people log in: `https://as.example.com, for https://mcp.example.com/mcp`. */
export function whereToLogIn({
  resource,
  servers,
}: Pick<OAuthFacts, 'resource'> & { servers: { issuer: string }[] }): string {
  return `${servers.map(({ issuer }) => issuer).join(', ')}, for ${resource}`;
}

function eraText({ era, protocolVersion, sessionful }: Omit<ReceiptFacts, 'transport'>): string {
  return `${era}, protocol ${protocolVersion}, ${sessionful ? 'with' : 'without'} sessions`;
}

/** Formats counts, without zeros: `3 tools, 1 prompt`. */
export function countsText(counts: NonNullable<ReceiptClaims['counts']>): string {
  const { tools, resources, resourceTemplates, prompts, conditional = 0, skipped } = counts;
  const parts = [
    counted(tools, 'tool'),
    counted(resources, 'resource'),
    counted(resourceTemplates, 'resource template'),
    counted(prompts, 'prompt'),
    conditional > 0 ? [`${conditional} of them only for clients with certain capabilities`] : [],
    skipped > 0 ? [`${skipped} left out`] : [],
  ];
  return parts.flat().join(', ') || 'empty';
}

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [countText(count, noun)];
}
