/** Bytes (UTF-8) of the instructions of all upstreams of a virtual server together. Models read them in every session. */
export const MAX_INSTRUCTIONS_BYTES = 16 * 1024;

/** Ends a text that was shortened. */
const NOTE = '[The rest of these instructions is left out: they are too long.]';
/** Where a text may be cut, the best place first. */
const CUTS = ['\n\n', '\n', ' '];

/**
 * Shortens texts so that together they have at most `maxBytes`. Short ones stay whole, and the long ones get equal parts of
 * what is left.
 */
export function fitInstructions(texts: readonly string[], maxBytes = MAX_INSTRUCTIONS_BYTES): string[] {
  const limits = byteLimits(texts.map(bytesOf), maxBytes);
  return texts.map((text, at) => shortened(text, limits[at] ?? 0));
}

/** The bytes that each of several texts may have, so that together they have at most `maxBytes`. */
export function byteLimits(sizes: readonly number[], maxBytes = MAX_INSTRUCTIONS_BYTES): number[] {
  const limits = sizes.map(() => 0);
  const shortestFirst = [...sizes.keys()].sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0));
  let left = maxBytes;
  for (const [done, at] of shortestFirst.entries()) {
    const limit = Math.min(sizes[at] ?? 0, Math.floor(left / (sizes.length - done)));
    limits[at] = limit;
    left -= limit;
  }
  return limits;
}

/** The text, cut after a paragraph, line or word if it has more than `maxBytes`, with a note that says so. */
export function shortened(text: string, maxBytes: number): string {
  if (bytesOf(text) <= maxBytes) return text;
  const room = maxBytes - bytesOf(`\n\n${NOTE}`);
  return room > 0 ? `${cut(text, room)}\n\n${NOTE}` : NOTE;
}

function cut(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  let end = maxBytes;
  // Not within a character: its later bytes begin with the bits 10.
  while ((bytes[end] ?? 0) >> 6 === 0b10) end -= 1;
  const start = bytes.toString('utf8', 0, end);
  const places = CUTS.map((separator) => start.lastIndexOf(separator));
  const place = places.find((at) => at > start.length / 2);
  return start.slice(0, place).trimEnd();
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
