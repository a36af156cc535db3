/** Where a proxy serves what `lethe login` is to authorization servers, below its public URL. */
export const CLIENT_METADATA_PATH = '/.well-known/lethe/client.json';
