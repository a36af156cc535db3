/** Which bytes belong to a class: 1 for those that do. */
export type ByteClass = Uint8Array;

/** The class of the characters that a regular expression matches. */
export function byteClass(pattern: RegExp): ByteClass {
  return Uint8Array.from({ length: 256 }, (_, byte) => (pattern.test(String.fromCharCode(byte)) ? 1 : 0));
}

/** Copies the bytes of a class. Returns how many there are. */
export function keep(from: Uint8Array, wanted: ByteClass, to: Uint8Array): number {
  let length = 0;
  for (let at = 0; at < from.length; at += 1) {
    const byte = from[at] ?? 0;
    to[length] = byte;
    length += wanted[byte] ?? 0;
  }
  return length;
}

/** Where runs of a class are: pairs of start and end. */
export function findRuns(from: Uint8Array, wanted: ByteClass, minLength: number): number[] {
  const runs: number[] = [];
  let start = 0;
  for (let at = 0; at <= from.length; at += 1) {
    if (at < from.length && wanted[from[at] ?? 0] === 1) continue;
    if (at - start >= minLength) runs.push(start, at);
    start = at + 1;
  }
  return runs;
}

/** Copies the runs of a class, with a line break after each. Returns the number of bytes. */
export function keepRuns(from: Uint8Array, wanted: ByteClass, minLength: number, to: Uint8Array): number {
  const runs = findRuns(from, wanted, minLength);
  let length = 0;
  for (let index = 0; index < runs.length; index += 2) {
    for (let at = runs[index] ?? 0; at < (runs[index + 1] ?? 0); at += 1) {
      to[length] = from[at] ?? 0;
      length += 1;
    }
    to[length] = 0x0a;
    length += 1;
  }
  return length;
}
