/** A red pixel. */
export const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** A WAV file without samples. */
export const WAV = wavHeader().toString('base64');

function wavHeader(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'ascii');
  header.writeUInt32LE(36, 4);
  header.write('WAVEfmt ', 8, 'ascii');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(8_000, 24); // samples in a second
  header.writeUInt32LE(16_000, 28); // bytes in a second
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'ascii');
  return header;
}

export const text = (said: string) => ({ type: 'text' as const, text: said });
export const image = { type: 'image' as const, data: PNG, mimeType: 'image/png' };
export const audio = { type: 'audio' as const, data: WAV, mimeType: 'audio/wav' };

export function embedded(uri: string, said: string, mimeType = 'text/plain') {
  return { type: 'resource' as const, resource: { uri, mimeType, text: said } };
}
