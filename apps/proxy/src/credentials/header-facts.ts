import type { ErrorDetail } from '@lethe/platform';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';

/** What a caller sends for one mapping: names only. */
export function headerFacts({ exactName, shortName, shortForm, mapping }: PassthroughHeader): ErrorDetail {
  return {
    header: exactName,
    ...(shortForm === 'own' && { shortHeader: shortName }),
    scheme: mapping.scheme ?? null,
  };
}
