import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.js';

const read = (chunks: string[], maxBytes?: number): (string | undefined)[] => {
  const splitter = new LineSplitter(maxBytes);
  return chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))).map((line) => line?.toString());
};

describe('the lines of a client', () => {
  it('are found wherever chunks begin and end', () => {
    expect(read(['one\ntwo\nth', 'r', 'ee\n\n', 'rest'])).toEqual(['one', 'two', 'three', '']);
  });

  it('are not kept when they are too long, and the next one counts', () => {
    expect(read(['12345', '6789', '0\nnext\n'], 8)).toEqual([undefined, 'next']);
  });
});
