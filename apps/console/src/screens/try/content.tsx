import type { JsonObject } from '@lethe/contracts';
import { isObject, showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Code } from '../../ui/code.js';
import { CALL } from './texts.js';
import styles from './try.module.css';

/** Images that a browser shows without running anything in them. */
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

/** One part of a result: a text, an image, something else in so many bytes, or JSON. */
export function Content({ part }: { part: JsonObject }): ReactNode {
  const { text } = useFormats();
  const { resource } = part;
  // An embedded resource; a link to one is shown as JSON, and opens nothing.
  if (part['type'] === 'resource' && isObject(resource)) return <Content part={resource} />;
  if (typeof part['text'] === 'string') {
    return (
      <div className={styles['text']}>
        <Verbatim isLong>{part['text']}</Verbatim>
      </div>
    );
  }
  const data = part['data'] ?? part['blob'];
  if (typeof data === 'string') return <Binary data={data} type={typeOf(part)} />;
  return <Code label={text(CALL.raw)} content={showHidden(JSON.stringify(part, null, 2))} />;
}

function Binary({ data, type }: { data: string; type: string }): ReactNode {
  const { text } = useFormats();
  if (IMAGES.has(type) && /^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return (
      <div>
        <img className={styles['image']} src={`data:${type};base64,${data}`} alt={text(CALL.image, { type })} />
      </div>
    );
  }
  return (
    <p>{text(CALL.data, { type: showHidden(type), bytes: Math.floor((data.replace(/=+$/, '').length * 3) / 4) })}</p>
  );
}

function typeOf({ mimeType }: JsonObject): string {
  return typeof mimeType === 'string' ? mimeType : 'application/octet-stream';
}
