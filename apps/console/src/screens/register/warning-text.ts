import { showHidden } from '@lethe/mcp';
import type { Verification } from '../../api/verifications.js';
import { outcomeText } from '../../parts/verification-outcome.js';
import { useFormats } from '../../text/text.js';
import { WARNING } from './handshake-texts.js';

type Warning = NonNullable<Verification['warnings']>[number];

/** Says a warning in a sentence. */
export function useWarningText(): (warning: Warning) => string {
  const { text } = useFormats();
  return ({ code, era = '', why, pointer = '', kind, name }) =>
    text(WARNING[code], {
      era,
      pointer: showHidden(pointer),
      why: text(outcomeText({ state: 'failed', code: why })),
      place: showHidden(name === undefined ? pointer : `${kind ?? ''} ${name}`.trim()),
    });
}
