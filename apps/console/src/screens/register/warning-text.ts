import { showHidden } from '@lethe/mcp';
import type { Verification } from '../../api/verifications.js';
import { type Message, useFormats } from '../../text/text.js';
import { HANDSHAKE, WARNING } from './handshake-texts.js';

type Warning = NonNullable<Verification['warnings']>[number];

const HANDSHAKE_TEXTS: ReadonlyMap<string, Message> = new Map(Object.entries(HANDSHAKE));

/** Says why a handshake ended, by its code. */
export function handshakeMessage(code: string | undefined): Message {
  return HANDSHAKE_TEXTS.get(code ?? '') ?? HANDSHAKE.other;
}

/** Says a warning in a sentence. */
export function useWarningText(): (warning: Warning) => string {
  const { text } = useFormats();
  return ({ code, era = '', why, pointer = '', kind, name }) =>
    text(WARNING[code], {
      era,
      pointer: showHidden(pointer),
      why: text(handshakeMessage(why)),
      place: showHidden(name === undefined ? pointer : `${kind ?? ''} ${name}`.trim()),
    });
}
