import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { CheckField, SelectField, TextField } from '../../ui/field.js';
import { Row } from '../../ui/page.js';
import type { HeaderFields } from './edit-fields.js';
import { EDIT } from './edit-texts.js';
import { useRuleOf } from '../../parts/rules.js';
import styles from './gateway.module.css';

interface HeaderRowsProps {
  headers: readonly HeaderFields[];
  error: unknown;
  onHeaders: (headers: HeaderFields[]) => void;
}

const NEW_HEADER: HeaderFields = { header: '', required: false, scheme: '', query: '' };

/** The headers of callers that an upstream gets. */
export function HeaderRows({ headers, error, onHeaders }: HeaderRowsProps): ReactNode {
  const { text } = useFormats();
  const errorAt = useRuleOf(error);
  const change = (at: number, changes: Partial<HeaderFields>): void =>
    onHeaders(headers.map((header, index) => (index === at ? { ...header, ...changes } : header)));
  return (
    <>
      {headers.map((header, index) => (
        // A header has no other identity than its place: two may have the same name while they are typed.
        <fieldset key={index} className={styles['headerRow']}>
          <legend>{text(EDIT.header, { number: index + 1 })}</legend>
          <HeaderControls
            header={header}
            error={errorAt(`passthroughHeaders.${index}`)}
            onChange={(changes) => change(index, changes)}
            onRemove={() => onHeaders(headers.filter((_, other) => other !== index))}
          />
        </fieldset>
      ))}
      <Row>
        <Button isSmall onClick={() => onHeaders([...headers, NEW_HEADER])}>
          {text(EDIT.add)}
        </Button>
      </Row>
    </>
  );
}

const SCHEMES = ['bearer', 'basic', 'dpop'] as const;

interface ControlsProps {
  header: HeaderFields;
  error: string | undefined;
  onChange: (changes: Partial<HeaderFields>) => void;
  onRemove: () => void;
}

function HeaderControls({ header, error, onChange, onRemove }: ControlsProps): ReactNode {
  const { text } = useFormats();
  return (
    <>
      <TextField
        label={text(EDIT.headerName)}
        value={header.header}
        error={error}
        onValue={(name) => onChange({ header: name })}
      />
      <SelectField
        label={text(EDIT.scheme)}
        value={header.scheme}
        choices={[
          { value: '' as const, label: text(EDIT.scheme_any) },
          ...SCHEMES.map((value) => ({ value, label: text(EDIT[`scheme_${value}`]) })),
        ]}
        onValue={(scheme) => onChange({ scheme })}
      />
      <TextField
        label={text(EDIT.query)}
        hint={text(EDIT.queryHint)}
        value={header.query}
        onValue={(query) => onChange({ query })}
      />
      <CheckField label={text(EDIT.required)} isOn={header.required} onValue={(required) => onChange({ required })} />
      <div>
        <Button isSmall look="quiet" onClick={onRemove}>
          {text(EDIT.remove)}
        </Button>
      </div>
    </>
  );
}
