import { type ByteClass, byteClass, findRuns } from './byte-classes.js';

/** An encoding in which each character stands for some bits (RFC 4648). */
export interface RadixEncoding {
  /** Whether its text has only letters and digits, and is found without the others, too. */
  isDense: boolean;
  bits: number;
  /** At how many characters of a run the text may begin. */
  alignments: number;
  /** Of a run that holds 8 bytes, the shortest secret that is searched for. */
  minLength: number;
  /** The characters. Text in capitals and text in small letters are runs of their own where it matters. */
  classes: readonly ByteClass[];
  values: Uint8Array;
}

/** The value of each character; those at the same place of the alphabets have the same one. */
function valuesOf(...alphabets: string[]): Uint8Array {
  const values = new Uint8Array(256);
  for (const alphabet of alphabets) [...alphabet].forEach((char, value) => (values[char.charCodeAt(0)] = value));
  return values;
}

const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const SMALL = CAPITALS.toLowerCase();
const DIGITS = '0123456789';

export const RADIX_ENCODINGS: readonly RadixEncoding[] = [
  {
    ...{ isDense: false, bits: 6, alignments: 4, minLength: 11, classes: [byteClass(/[A-Za-z0-9+/_-]/)] },
    values: valuesOf(`${CAPITALS}${SMALL}${DIGITS}+/`, `${CAPITALS}${SMALL}${DIGITS}-_`),
  },
  {
    ...{ isDense: true, bits: 5, alignments: 8, minLength: 13, classes: [/[A-Z2-7]/, /[a-z2-7]/].map(byteClass) },
    values: valuesOf(`${CAPITALS}234567`, `${SMALL}234567`),
  },
  {
    ...{ isDense: true, bits: 4, alignments: 2, minLength: 16, classes: [byteClass(/[0-9A-Fa-f]/)] },
    values: valuesOf(`${DIGITS}ABCDEF`, `${DIGITS}abcdef`),
  },
];

/** The runs of a text in each class of a code, one list for each class that has any. */
export function runsIn(from: Uint8Array, { classes, minLength }: RadixEncoding): number[][] {
  return classes.map((each) => findRuns(from, each, minLength)).filter((runs) => runs.length > 0);
}

/** Decodes all runs from one alignment on, with a line break after each. Returns the number of bytes. */
export function decodeRuns(
  from: Uint8Array,
  runs: readonly number[],
  { bits, values }: RadixEncoding,
  alignment: number,
  to: Uint8Array,
): number {
  let length = 0;
  for (let index = 0; index < runs.length; index += 2) {
    const end = runs[index + 1] ?? 0;
    let held = 0;
    let count = 0;
    for (let at = (runs[index] ?? 0) + alignment; at < end; at += 1) {
      held = ((held << bits) | (values[from[at] ?? 0] ?? 0)) & 0xffff;
      count += bits;
      if (count < 8) continue;
      count -= 8;
      to[length] = (held >> count) & 0xff;
      length += 1;
    }
    to[length] = 0x0a;
    length += 1;
  }
  return length;
}
