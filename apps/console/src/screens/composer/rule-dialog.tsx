import { showHidden, TOOL_HINTS } from '@lethe/mcp';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { ITEM_KINDS } from '../../api/gateway-items.js';
import { GatewayField } from '../../parts/gateway-field.js';
import { KIND } from '../../parts/item-kind.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { Dialog } from '../../ui/dialog.js';
import { CheckField, SelectField } from '../../ui/field.js';
import { LinesField, WordsField } from '../../ui/words-field.js';
import styles from './composer.module.css';
import { matchingItems } from './composition.js';
import { ITEMS } from './item-texts.js';
import { tidyRule } from './picks.js';
import type { IncludeRule } from './server-draft.js';
import { useCatalogues } from './use-catalogues.js';

interface RuleDialogProps {
  /** Undefined for a new one. */
  rule: IncludeRule | undefined;
  onClose: () => void;
  onSave: (rule: IncludeRule) => void;
}

/** Edits one rule, and says at once what it takes. */
export function RuleDialog({ rule, onClose, onSave }: RuleDialogProps): ReactNode {
  const { text } = useFormats();
  const [edited, setEdited] = useState<IncludeRule>(rule ?? {});
  const [isAsked, setAsked] = useState(false);
  const change = (members: Partial<IncludeRule>): void => setEdited({ ...edited, ...members });
  const tidy = tidyRule(edited);
  const isComplete = tidy.gateway !== undefined || tidy.gatewayTags !== undefined;
  const save = (): void => {
    if (isComplete) onSave(tidy);
    else setAsked(true);
  };
  const actions = (
    <Button look="primary" onClick={save}>
      {text(ITEMS.saveRule)}
    </Button>
  );
  return (
    <Dialog title={text(rule ? ITEMS.ruleChange : ITEMS.ruleNew)} onClose={onClose} actions={actions}>
      <GatewayField
        label={text(ITEMS.gateway)}
        hint={text(ITEMS.gatewayHint)}
        error={isAsked && !isComplete ? text(ITEMS.ruleNeeds) : undefined}
        value={edited.gateway ?? ''}
        onValue={(gateway) => change({ gateway })}
      />
      <WordsField
        label={text(ITEMS.gatewayTags)}
        hint={text(ITEMS.gatewayTagsHint)}
        words={edited.gatewayTags ?? []}
        onWords={(gatewayTags) => change({ gatewayTags })}
      />
      <Kinds rule={edited} onChange={change} />
      <LinesField
        label={text(ITEMS.globs)}
        hint={text(ITEMS.globsHint)}
        words={edited.names ?? []}
        onWords={(names) => change({ names })}
      />
      <WordsField
        label={text(ITEMS.itemTags)}
        hint={text(ITEMS.itemTagsHint)}
        words={edited.tags ?? []}
        onWords={(tags) => change({ tags })}
      />
      <Hints rule={edited} onChange={change} />
      <Examples rule={tidy} />
    </Dialog>
  );
}

interface PartProps {
  rule: IncludeRule;
  onChange: (members: Partial<IncludeRule>) => void;
}

function Kinds({ rule: { kinds = [] }, onChange }: PartProps): ReactNode {
  const { text } = useFormats();
  return (
    <fieldset className={styles['group']}>
      <legend>{text(ITEMS.ruleKinds)}</legend>
      <p className={styles['soft']}>{text(ITEMS.ruleKindsHint)}</p>
      <div className={styles['pair']}>
        {ITEM_KINDS.map((kind) => (
          <CheckField
            key={kind}
            label={text(KIND[kind])}
            isOn={kinds.includes(kind)}
            onValue={(isOn) =>
              onChange({ kinds: ITEM_KINDS.filter((each) => (each === kind ? isOn : kinds.includes(each))) })
            }
          />
        ))}
      </div>
    </fieldset>
  );
}

const WISHES = ['any', 'yes', 'no'] as const;

function Hints({ rule: { annotations = {} }, onChange }: PartProps): ReactNode {
  const { text } = useFormats();
  const wish = (said: boolean | undefined): (typeof WISHES)[number] =>
    said === undefined ? 'any' : said ? 'yes' : 'no';
  return (
    <fieldset className={styles['group']}>
      <legend>{text(ITEMS.hints)}</legend>
      <p className={styles['soft']}>{text(ITEMS.hintsHint)}</p>
      <div className={styles['pair']}>
        {TOOL_HINTS.map((hint) => (
          <SelectField
            key={hint}
            label={text(ITEMS[hint])}
            value={wish(annotations[hint])}
            choices={WISHES.map((value) => ({ value, label: text(ITEMS[value]) }))}
            onValue={(value) => {
              const { [hint]: _, ...others } = annotations;
              onChange({ annotations: value === 'any' ? others : { ...others, [hint]: value === 'yes' } });
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}

const SHOWN = 5;

function Examples({ rule }: { rule: IncludeRule }): ReactNode {
  const { text, list } = useFormats();
  const wanted = useDeferredValue(rule);
  const { all } = useCatalogues([], [wanted]);
  const found = useMemo(() => all.flatMap((catalogue) => matchingItems(wanted, catalogue)), [wanted, all]);
  const names = list(found.slice(0, SHOWN).map(({ gateway, item }) => showHidden(`${gateway}/${item.name}`)));
  const said = found.length > SHOWN ? ITEMS.examplesMore : ITEMS.examples;
  return <p role="status">{text(said, { count: found.length, names })}</p>;
}
