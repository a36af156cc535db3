import { nameToSend, type NeededHeader, secretText, valueWith } from '@lethe/mcp';

/** Rows of a table: name, value, and what to know about it. */
export function headerRows(headers: readonly NeededHeader[]): string[][] {
  return headers.map((header) => {
    const longForm = header.short === undefined ? [] : [`or ${header.exact}`];
    const facts = [header.required ? 'required' : 'optional', ...longForm].join(', ');
    return [`  ${nameToSend(header)}`, valueWith(header, `<${secretText(header)}>`), `(${facts})`];
  });
}
