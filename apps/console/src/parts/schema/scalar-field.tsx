import type { JsonValue } from '@lethe/contracts';
import { showHidden } from '@lethe/mcp';
import type { ReactNode } from 'react';
import { useFormats } from '../../text/text.js';
import { SelectField, TextArea, TextField } from '../../ui/field.js';
import { Verbatim } from '../verbatim.js';
import type { FieldProps } from './edited-value.js';
import { useFieldError } from './form-context.js';
import { typedNumber } from './form-control.js';
import type { SchemaNode } from './read-schema.js';
import { typeWords, valueWords } from './schema-words.js';
import { SCHEMA } from './texts.js';

type Props = FieldProps & {
  node: SchemaNode;
  control: 'text' | 'number' | 'integer' | 'boolean' | 'choice';
};

/** A text, a number, a yes or no, or one of some values. An empty field that is not required is left out. */
export function ScalarField({ node, control, ...field }: Props): ReactNode {
  const { value, onValue, isRequired, pointer } = field;
  const error = useFieldError(pointer, node, isRequired && value === undefined);
  const shared = { label: useLabel(field), hint: <Hint node={node} value={value} />, error };
  switch (control) {
    case 'text': {
      // A text that was typed and deleted is an empty text only where there has to be one.
      const change = (next: string): void => onValue(next === '' && !isRequired ? undefined : next);
      return <TextArea {...shared} rows={1} spellCheck={false} value={written(value)} onValue={change} />;
    }
    case 'number':
    case 'integer':
      return (
        <TextField
          {...shared}
          inputMode={control === 'integer' ? 'numeric' : 'decimal'}
          value={written(value)}
          onValue={(typed) => onValue(typedNumber(typed))}
        />
      );
    case 'boolean':
      return <ChoiceField {...shared} values={[true, false]} value={value} onValue={onValue} />;
    default:
      return <ChoiceField {...shared} values={node.allowed ?? []} value={value} onValue={onValue} />;
  }
}

function written(value: JsonValue | undefined): string {
  return value === undefined ? '' : valueWords(value);
}

interface ChoiceProps {
  label: string;
  hint: ReactNode;
  error: string | undefined;
  values: readonly JsonValue[];
  value: JsonValue | undefined;
  onValue: (value: JsonValue | undefined) => void;
}

function ChoiceField({ values, value, onValue, ...shared }: ChoiceProps): ReactNode {
  const { text } = useFormats();
  const written = JSON.stringify(value);
  const chosen = values.findIndex((each) => JSON.stringify(each) === written);
  const choices = values.map((each, index) => ({ value: String(index), label: showHidden(valueWords(each)) }));
  return (
    <SelectField
      {...shared}
      value={chosen === -1 ? '' : String(chosen)}
      choices={[{ value: '', label: text(SCHEMA.leftOut) }, ...choices]}
      onValue={(index) => onValue(index === '' ? undefined : values[Number(index)])}
    />
  );
}

/** What people call a field, and whether it has to be there. */
export function useLabel({ name, isRequired, pointer }: Pick<FieldProps, 'name' | 'isRequired' | 'pointer'>): string {
  const { text } = useFormats();
  const shown = showHidden(name);
  return isRequired && pointer !== '' ? text(SCHEMA.requiredLabel, { name: shown }) : shown;
}

/** What the schema says of a field: what it is for, its type, its limits. */
export function Hint({
  node,
  value,
  isJson = false,
}: {
  node: SchemaNode;
  value?: JsonValue | undefined;
  isJson?: boolean;
}): ReactNode {
  const { text } = useFormats();
  const { description, rules, byDefault } = node;
  const facts = [
    typeWords(node, text),
    ...rules.map(([name, limit]) => `${name} ${limit}`),
    ...(byDefault === undefined ? [] : [text(SCHEMA.default, { value: valueWords(byDefault) })]),
    ...(isJson ? [text(SCHEMA.asJson)] : []),
    ...(value === '' ? [text(SCHEMA.emptyText)] : []),
  ];
  return (
    <>
      {description !== undefined && <Verbatim isLong>{description}</Verbatim>}
      <Verbatim>{facts.join(' · ')}</Verbatim>
    </>
  );
}
