import type { ReceiptClaims } from '@lethe/contracts';

/**
 * Formats a receipt for people. The signature is not checked here; the proxy checks it each time it loads the receipt.
 */
export function receiptLines(receipt: string): string[] {
  const payload = Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { order, ...claims } = JSON.parse(payload) as ReceiptClaims;
  const { tools, resources, resourceTemplates, prompts, skipped } = claims.counts ?? {};
  return [
    `outcome     ${claims.outcome}, attempt ${order.attempt}, configuration ${order.configRevision}`,
    `upstream    ${order.url} (gateway ${order.slug})`,
    `dialled     ${claims.origins.join(', ')} in ${claims.requests} requests`,
    ...lookLines(claims),
    `catalogue   ${tools ?? 0} tools, ${resources ?? 0} resources, ${resourceTemplates ?? 0} templates, ` +
      `${prompts ?? 0} prompts, ${skipped ?? 0} skipped`,
    `digest      ${claims.digest ?? 'none'}`,
    `slot        ${claims.slot} ${claims.slotEnd.how} at ${claims.slotEnd.at}`,
  ];
}

function lookLines({ discovery }: Pick<ReceiptClaims, 'discovery'>): string[] {
  return discovery ? [`looked at   ${discovery.origins.join(', ')} in ${discovery.requests} more, without it`] : [];
}
