import { Readable } from 'node:stream';

/** What is made in advance of a client that reads slowly, beside one text. */
const AHEAD_BYTES = 16_384;

/**
 * A stream of texts that are made one by one, as they are taken. `onClose` is called at once when the stream ends or its client
 * leaves; `Readable.from` would first wait for the text that is being made.
 */
export function pulledTexts(texts: AsyncIterator<string>, onClose: () => void): Readable {
  const pull = async (): Promise<void> => {
    try {
      const next = await texts.next();
      if (!stream.destroyed) stream.push(next.done === true ? null : next.value);
    } catch (error) {
      stream.destroy(error instanceof Error ? error : new Error('No text', { cause: error }));
    }
  };
  const stream = new Readable({
    highWaterMark: AHEAD_BYTES,
    read: () => void pull(),
    destroy: (error, done) => {
      onClose();
      done(error);
    },
  });
  return stream;
}
