import type { ReactNode } from 'react';
import { ITEM_KINDS } from '../../api/gateway-items.js';
import { KIND } from '../../parts/item-kind.js';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, Field, TextField } from '../../ui/field.js';
import { Card, Row } from '../../ui/page.js';
import { LinesField, WordsField } from '../../ui/words-field.js';
import { ACCESS } from './access-texts.js';
import styles from './composer.module.css';
import { useComposing } from './composing.js';
import type { Grant } from './server-draft.js';

/** Who may see and use what: everybody everything, or what grants allow to roles. */
export function GrantsCard(): ReactNode {
  const { text } = useFormats();
  const { fields, set, mayEdit, problemOf } = useComposing();
  const { grants } = fields;
  if (grants === null) {
    return (
      <Card title={text(ACCESS.grants)}>
        <p>{text(ACCESS.everybody)}</p>
        {mayEdit && <Button onClick={() => set({ grants: [{ role: '' }] })}>{text(ACCESS.limitToRoles)}</Button>}
      </Card>
    );
  }
  const problem = problemOf('grants');
  return (
    <Card title={text(ACCESS.grants)}>
      <p className={styles['soft']}>{text(grants.length === 0 ? ACCESS.nobody : ACCESS.grantsLead)}</p>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {grants.map((grant, index) => (
        // Grants have nothing of their own but their place.
        <GrantFields
          key={index}
          grant={grant}
          number={index + 1}
          onChange={(changed) => set({ grants: grants.with(index, changed) })}
          onRemove={() => set({ grants: grants.toSpliced(index, 1) })}
        />
      ))}
      {mayEdit && (
        <Row>
          <Button onClick={() => set({ grants: [...grants, { role: '' }] })}>{text(ACCESS.addGrant)}</Button>
          <Button look="quiet" onClick={() => set({ grants: null })}>
            {text(ACCESS.allowAll)}
          </Button>
        </Row>
      )}
    </Card>
  );
}

interface GrantProps {
  grant: Grant;
  number: number;
  onChange: (grant: Grant) => void;
  onRemove: () => void;
}

function GrantFields({ grant, number, onChange, onRemove }: GrantProps): ReactNode {
  const { text } = useFormats();
  const { mayEdit } = useComposing();
  const { kinds = [] } = grant;
  const change = (members: Partial<Grant>): void => onChange(tidy({ ...grant, ...members }));
  return (
    <fieldset className={styles['group']}>
      <legend>{text(ACCESS.grant, { number })}</legend>
      <TextField
        label={text(ACCESS.role)}
        hint={text(ACCESS.roleHint)}
        value={grant.role}
        onValue={(role) => change({ role: role.trim() })}
      />
      <Field label={text(ACCESS.grantKinds)} hint={kinds.length === 0 ? text(ACCESS.allKinds) : undefined}>
        {({ id }) => (
          <div id={id} className={styles['pair']} role="group" aria-label={text(ACCESS.grantKinds)}>
            {ITEM_KINDS.map((kind) => (
              <CheckField
                key={kind}
                label={text(KIND[kind])}
                isOn={kinds.includes(kind)}
                onValue={(isOn) =>
                  change({ kinds: ITEM_KINDS.filter((each) => (each === kind ? isOn : kinds.includes(each))) })
                }
              />
            ))}
          </div>
        )}
      </Field>
      <WordsField
        label={text(ACCESS.grantGateways)}
        words={grant.gateways ?? []}
        onWords={(gateways) => change({ gateways })}
      />
      <LinesField
        label={text(ACCESS.grantNames)}
        hint={text(ACCESS.grantNamesHint)}
        words={grant.names ?? []}
        onWords={(names) => change({ names })}
      />
      <CheckField
        label={text(ACCESS.readOnly)}
        isOn={grant.readOnly === true}
        onValue={(isOn) => {
          const { readOnly: _, ...others } = grant;
          onChange(isOn ? { ...others, readOnly: true } : others);
        }}
      />
      {mayEdit && (
        <Row>
          <Button isSmall aria-label={text(ACCESS.removeGrant, { number })} onClick={onRemove}>
            {text(ACCESS.remove)}
          </Button>
        </Row>
      )}
    </fieldset>
  );
}

/** Lists that are empty would allow nothing: a member that says nothing is left out. */
function tidy({ kinds, gateways, names, ...grant }: Grant): Grant {
  return {
    ...grant,
    ...(kinds?.length && { kinds }),
    ...(gateways?.length && { gateways }),
    ...(names?.length && { names }),
  };
}
