import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { LinesField, NumberField } from '../../ui/words-field.js';
import { ACCESS } from './access-texts.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import type { Limits } from './server-draft.js';

type Rate = NonNullable<Limits['caller']>;
type ToolLimit = NonNullable<Limits['tools']>[number];
const NEW_RATE: Rate = { calls: 60, seconds: 60 };

/** How often each caller may call tools. */
export function LimitsCard(): ReactNode {
  const { text } = useFormats();
  const { fields, set, mayEdit, problemOf } = useComposing();
  const limits = fields.limits ?? {};
  const { caller, tools = [] } = limits;
  const change = (next: { caller: Rate | undefined; tools: ToolLimit[] }): void => set({ limits: tidy(next) });
  const changeTools = (changed: ToolLimit[]): void => change({ caller, tools: changed });
  const problem = problemOf('limits');
  return (
    <Card title={text(ACCESS.limits)}>
      <p className={styles['soft']}>{text(ACCESS.limitsLead)}</p>
      {problem !== undefined && <p role="alert">{problem}</p>}
      <CheckField
        label={text(ACCESS.limitAll)}
        isOn={caller !== undefined}
        onValue={(isOn) => change({ caller: isOn ? NEW_RATE : undefined, tools })}
      />
      {caller && <RateFields rate={caller} onChange={(rate) => change({ caller: rate, tools })} />}
      {tools.map((limit, index) => (
        // Limits have nothing of their own but their place.
        <fieldset key={index} className={styles['group']}>
          <legend>{text(ACCESS.toolLimit, { number: index + 1 })}</legend>
          <LinesField
            label={text(ACCESS.limitNames)}
            hint={text(ACCESS.grantNamesHint)}
            words={limit.names}
            onWords={(names) => changeTools(tools.with(index, { ...limit, names }))}
          />
          <RateFields
            rate={limit.caller}
            onChange={(rate) => changeTools(tools.with(index, { ...limit, caller: rate }))}
          />
          {mayEdit && (
            <Row>
              <Button
                isSmall
                aria-label={text(ACCESS.removeLimit, { number: index + 1 })}
                onClick={() => changeTools(tools.toSpliced(index, 1))}
              >
                {text(ACCESS.remove)}
              </Button>
            </Row>
          )}
        </fieldset>
      ))}
      {mayEdit && (
        <Row>
          <Button isSmall onClick={() => changeTools([...tools, { names: [], caller: NEW_RATE }])}>
            {text(ACCESS.addLimit)}
          </Button>
        </Row>
      )}
    </Card>
  );
}

function RateFields({ rate, onChange }: { rate: Rate; onChange: (rate: Rate) => void }): ReactNode {
  const { text } = useFormats();
  const { calls, seconds, burst, concurrent } = rate;
  const change = (members: { [M in keyof Rate]?: Rate[M] | undefined }): void => {
    const next = { calls, seconds, burst, concurrent, ...members };
    onChange({
      // Empty is sent as 0, which the registry refuses with the name of the field.
      calls: next.calls ?? 0,
      seconds: next.seconds ?? 0,
      ...(next.burst !== undefined && { burst: next.burst }),
      ...(next.concurrent !== undefined && { concurrent: next.concurrent }),
    });
  };
  const shown = (value: number): number | undefined => (value === 0 ? undefined : value);
  return (
    <div className={styles['pair']}>
      <NumberField label={text(ACCESS.calls)} value={shown(calls)} onNumber={(value) => change({ calls: value })} />
      <NumberField
        label={text(ACCESS.seconds)}
        value={shown(seconds)}
        onNumber={(value) => change({ seconds: value })}
      />
      <NumberField label={text(ACCESS.burst)} value={burst} onNumber={(value) => change({ burst: value })} />
      <NumberField
        label={text(ACCESS.concurrent)}
        value={concurrent}
        onNumber={(value) => change({ concurrent: value })}
      />
    </div>
  );
}

function tidy({ caller, tools }: { caller: Rate | undefined; tools: ToolLimit[] }): Limits | null {
  if (!caller && tools.length === 0) return null;
  return { ...(caller && { caller }), ...(tools.length > 0 && { tools }) };
}
