import type { JsonObject } from '@lethe/contracts';
import { elicitedUrl, isObject, showHidden } from '@lethe/mcp';
import { type ReactNode, useState } from 'react';
import { type Check, checkValue } from '../../parts/schema/check-value.js';
import type { EditedValue } from '../../parts/schema/edited-value.js';
import { firstValue } from '../../parts/schema/form-control.js';
import { readSchema } from '../../parts/schema/read-schema.js';
import { ValueEditor } from '../../parts/schema/value-editor.js';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { Notice } from '../../ui/notice.js';
import { ASK } from './texts.js';
import styles from './try.module.css';
import type { OpenQuestion } from './use-questions.js';

/**
 * What an upstream asks the person while a call runs. To close it is no answer: the upstream is told `cancel`. Each question begins
 * anew: what was typed for one is not there for the next, however alike they look.
 */
export function AskDialog({ asked }: { asked: OpenQuestion }): ReactNode {
  const { question } = asked;
  return question.mode === 'form' ? (
    <FormQuestion key={asked.id} asked={asked} schema={question.schema} />
  ) : (
    <UrlQuestion key={asked.id} asked={asked} url={question.url} />
  );
}

function FormQuestion({ asked, schema }: { asked: OpenQuestion; schema: JsonObject }): ReactNode {
  const { text } = useFormats();
  const [edited, setEdited] = useState<EditedValue>(() => ({
    value: firstValue(readSchema(schema)) ?? {},
    unreadable: [],
  }));
  const [check, setCheck] = useState<Check>();
  const send = (): void => {
    const { value } = edited;
    const found = checkValue(schema, value ?? {});
    setCheck(found);
    if (edited.unreadable.length > 0 || found.broken.length > 0) return;
    asked.answer({ action: 'accept', content: isObject(value) ? value : {} });
  };
  return (
    <Asked
      asked={asked}
      accept={
        <Button look="primary" onClick={send}>
          {text(ASK.send)}
        </Button>
      }
    >
      <ValueEditor label={text(ASK.answer)} schema={schema} edited={edited} onEdited={setEdited} check={check} />
    </Asked>
  );
}

function UrlQuestion({ asked, url }: { asked: OpenQuestion; url: string }): ReactNode {
  const { text } = useFormats();
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  // The proxy has checked it by the gateway's own address; the page does not open what it would not.
  const safe = elicitedUrl(url, host);
  const done = (
    <Button onClick={() => asked.answer({ action: 'accept' })} disabled={safe === undefined}>
      {text(ASK.done)}
    </Button>
  );
  return (
    <Asked asked={asked} accept={done}>
      {safe === undefined ? (
        <Notice tone="bad">{text(ASK.badUrl)}</Notice>
      ) : (
        <>
          <p>{text(ASK.urlLead, { host: showHidden(host) })}</p>
          <p className={styles['url']}>
            <Verbatim>{safe}</Verbatim>
          </p>
          <div>
            <Button look="primary" onClick={() => globalThis.open(safe, '_blank', 'noopener,noreferrer')}>
              {text(ASK.open)}
            </Button>
          </div>
        </>
      )}
    </Asked>
  );
}

function Asked({
  asked,
  accept,
  children,
}: {
  asked: OpenQuestion;
  accept: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { text } = useFormats();
  return (
    <Dialog
      title={text(ASK.title)}
      onClose={() => asked.answer({ action: 'cancel' })}
      actions={
        <>
          <Button onClick={() => asked.answer({ action: 'decline' })}>{text(ASK.decline)}</Button>
          {accept}
        </>
      }
    >
      <Verbatim isLong>{asked.question.message}</Verbatim>
      <p className={styles['soft']}>{text(ASK.warning)}</p>
      {children}
    </Dialog>
  );
}
