import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject, showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { checkValue } from '../../parts/schema/check-value.js';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Code } from '../../ui/code.js';
import { Notice } from '../../ui/notice.js';
import { Card } from '../../ui/page.js';
import { adviceFor } from './advice.js';
import type { OfferedItem } from './client/trial.js';
import { Content } from './content.js';
import { toldError } from './failure.js';
import { CALL, FAILED } from './texts.js';
import styles from './try.module.css';

/** What a call has returned. An upstream wrote it: it is shown as text, JSON and images, never as HTML or as links. */
export function Outcome({ item, result }: { item: OfferedItem; result: JsonObject }): ReactNode {
  const { text } = useFormats();
  const told = toldError(result);
  const content = contentOf(result);
  return (
    <Card title={text(CALL.result)}>
      {told && <Told told={told} />}
      {!told && result['isError'] === true && <Notice tone="bad">{text(CALL.toolError)}</Notice>}
      {content.length === 0 && result['structuredContent'] === undefined && (
        <p className={styles['soft']}>{text(CALL.empty)}</p>
      )}
      {content.map(({ role, part }, index) => (
        <div key={index} className={styles['part']}>
          {role !== undefined && (
            <h3>
              <Verbatim>{text(CALL.role, { role })}</Verbatim>
            </h3>
          )}
          <Content part={part} />
        </div>
      ))}
      {result['structuredContent'] !== undefined && <Structured item={item} value={result['structuredContent']} />}
      <details>
        <summary>{text(CALL.raw)}</summary>
        <Code label={text(CALL.raw)} content={showHidden(JSON.stringify(result, null, 2))} />
      </details>
    </Card>
  );
}

/** An error of Lethe that is told as a result, for models to read. */
function Told({ told }: { told: JsonObject }): ReactNode {
  const { text } = useFormats();
  const { message, values } = adviceFor(told, undefined);
  return (
    <Notice tone="bad" title={text(FAILED.title)}>
      {message && <p>{text(message, values)}</p>}
    </Notice>
  );
}

function Structured({ item, value }: { item: OfferedItem; value: JsonValue }): ReactNode {
  const { text } = useFormats();
  const promised = item.definition['outputSchema'];
  const check = promised === undefined ? undefined : checkValue(promised, value);
  const fits = check?.broken.length === 0;
  return (
    <section className={styles['part']}>
      <h3>{text(CALL.structured)}</h3>
      {check?.isChecked && (
        <div>
          <Badge tone={fits ? 'good' : 'bad'}>{text(fits ? CALL.fits : CALL.misfits)}</Badge>
        </div>
      )}
      <Code label={text(CALL.structured)} content={showHidden(JSON.stringify(value, null, 2))} />
    </section>
  );
}

/** The parts of a tool's result, of a resource, or of a prompt's messages. */
function contentOf(result: JsonObject): { role?: string; part: JsonObject }[] {
  const { content, contents, messages } = result;
  const parts = Array.isArray(content) ? content : Array.isArray(contents) ? contents : [];
  const spoken = Array.isArray(messages) ? messages.filter(isObject) : [];
  return [
    ...parts.filter(isObject).map((part) => ({ part })),
    ...spoken.flatMap(({ role, content: said }) =>
      isObject(said) ? [{ part: said, ...(typeof role === 'string' && { role }) }] : [],
    ),
  ];
}
