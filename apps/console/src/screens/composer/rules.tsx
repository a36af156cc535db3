import { type ReactNode, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Card, Row } from '../../ui/page.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import { ITEMS } from './item-texts.js';
import { RuleDialog } from './rule-dialog.js';
import { ruleText } from './rule-sentence.js';

/** The rules, in words, with how many items each takes now. */
export function Rules(): ReactNode {
  const formats = useFormats();
  const { text } = formats;
  const { fields, set, composed, mayEdit } = useComposing();
  const [edited, setEdited] = useState<number>();
  const add = (
    <Button isSmall onClick={() => setEdited(fields.include.length)}>
      {text(ITEMS.addRule)}
    </Button>
  );
  return (
    <Card title={text(ITEMS.rulesTitle)} actions={mayEdit && add}>
      {fields.include.length === 0 && <p className={styles['soft']}>{text(ITEMS.rulesEmpty)}</p>}
      <ol className={styles['rules']}>
        {fields.include.map((rule, index) => (
          <li key={JSON.stringify(rule)} className={styles['rule']}>
            <div>
              <strong>{text(ITEMS.rule, { number: index + 1 })}</strong>
              <div>{ruleText(rule, formats)}</div>
              <div className={styles['soft']}>{text(ITEMS.matches, { count: composed.matches[index] ?? 0 })}</div>
            </div>
            {mayEdit && (
              <Row>
                <Button
                  isSmall
                  aria-label={text(ITEMS.editRule, { number: index + 1 })}
                  onClick={() => setEdited(index)}
                >
                  {text(ITEMS.edit)}
                </Button>
                <Button
                  isSmall
                  aria-label={text(ITEMS.removeRule, { number: index + 1 })}
                  onClick={() => set({ include: fields.include.toSpliced(index, 1) })}
                >
                  {text(ITEMS.remove)}
                </Button>
              </Row>
            )}
          </li>
        ))}
      </ol>
      {edited !== undefined && (
        <RuleDialog
          rule={fields.include[edited]}
          onClose={() => setEdited(undefined)}
          onSave={(rule) => {
            set({ include: fields.include.toSpliced(edited, 1, rule) });
            setEdited(undefined);
          }}
        />
      )}
    </Card>
  );
}
