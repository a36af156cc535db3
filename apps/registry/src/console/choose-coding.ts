/**
 * The first of these content codings that an `Accept-Encoding` allows; undefined for none, which always may be sent.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function chooseCoding(acceptEncoding: string | undefined, codings: Iterable<string>): string | undefined {
  const accepted = new Map((acceptEncoding ?? '').split(',').map(readItem));
  return [...codings].find((coding) => (accepted.get(coding) ?? accepted.get('*') ?? 0) > 0);
}

function readItem(item: string): [coding: string, quality: number] {
  const [coding = '', quality] = item.toLowerCase().split(/\s*;\s*q\s*=\s*/);
  return [coding.trim(), quality === undefined ? 1 : Number(quality) || 0];
}
