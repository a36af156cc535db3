import type { JsonObject } from '@lethe/contracts';
import { isObject, showHidden } from '@lethe/mcp';
import { type ReactNode, useMemo, useState } from 'react';
import { type Check, checkValue } from '../../parts/schema/check-value.js';
import type { EditedValue } from '../../parts/schema/edited-value.js';
import { firstValue } from '../../parts/schema/form-control.js';
import { readSchema } from '../../parts/schema/read-schema.js';
import { ValueEditor } from '../../parts/schema/value-editor.js';
import { Verbatim } from '../../parts/verbatim.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Notice } from '../../ui/notice.js';
import { Card, Row } from '../../ui/page.js';
import { argumentSchema } from './argument-schema.js';
import type { OfferedItem, Trial } from './client/trial.js';
import { Failure } from './failure.js';
import { Outcome } from './outcome.js';
import { RunNotes } from './run-notes.js';
import { CALL, FAILED } from './texts.js';
import styles from './try.module.css';
import { useCall } from './use-call.js';
import type { TrialState } from './use-trial.js';

interface CallPanelProps {
  trial: Trial;
  state: TrialState;
  item: OfferedItem;
}

const VERBS = { tool: CALL.call, prompt: CALL.get, resource: CALL.read, resourceTemplate: CALL.read } as const;

/** One item: its arguments as a form, the call, and what came back. */
export function CallPanel({ trial, state, item }: CallPanelProps): ReactNode {
  const { text } = useFormats();
  const schema = useMemo(() => argumentSchema(item), [item]);
  const [edited, setEdited] = useState<EditedValue>(() => ({
    value: schema && (firstValue(readSchema(schema)) ?? {}),
    unreadable: [],
  }));
  const [check, setCheck] = useState<Check>();
  const call = useCall(trial, state);
  const start = (): void => {
    const values: JsonObject = isObject(edited.value) ? edited.value : {};
    const found = schema ? checkValue(schema, edited.value ?? {}) : undefined;
    setCheck(found);
    if (edited.unreadable.length > 0 || (found && found.broken.length > 0)) return;
    void call.start({ kind: item.kind, name: item.name, arguments: values });
  };
  const isWrong = check !== undefined && (check.broken.length > 0 || edited.unreadable.length > 0);
  return (
    <div className={styles['panel']}>
      <Card title={showHidden(item.name)}>
        {item.description !== undefined && <Verbatim isLong>{item.description}</Verbatim>}
        {schema && (
          <ValueEditor
            label={text(CALL.arguments)}
            schema={schema}
            edited={edited}
            onEdited={setEdited}
            check={check}
          />
        )}
        {isWrong && <Notice tone="bad">{text(CALL.fixFirst)}</Notice>}
        {check && !check.isChecked && <Notice tone="warn">{text(CALL.unchecked)}</Notice>}
        <Row>
          <Button look="primary" onClick={start} isBusy={call.isRunning}>
            {text(VERBS[item.kind])}
          </Button>
          {call.isRunning && <Button onClick={call.cancel}>{text(CALL.cancel)}</Button>}
        </Row>
      </Card>
      <RunNotes trial={trial} state={state} call={call} />
      {call.wasCancelled && <Notice>{text(CALL.cancelled)}</Notice>}
      {call.error !== undefined && <Failure error={call.error} title={text(FAILED.title)} />}
      {call.result && <Outcome item={item} result={call.result} />}
    </div>
  );
}
