import type { JsonValue } from '@lethe/contracts';
import { showHidden } from '@lethe/mcp';
import { type ReactNode, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Button } from '../../ui/button.js';
import { SelectField } from '../../ui/field.js';
import type { FieldProps } from './edited-value.js';
import { useFieldError } from './form-context.js';
import { controlFor, emptyOf, firstValue, fitsRoughly, memberOf, withMember, withoutNull } from './form-control.js';
import { JsonField } from './json-field.js';
import type { SchemaNode } from './read-schema.js';
import { Hint, ScalarField, useLabel } from './scalar-field.js';
import styles from './schema.module.css';
import { pointerTo, typeWords } from './schema-words.js';
import { SCHEMA } from './texts.js';

type Props = FieldProps & { node: SchemaNode };

/** The field or fields for a value, whatever its schema is. */
export function ValueField({ node, ...field }: Props): ReactNode {
  const control = controlFor(node, field.value);
  const label = useLabel(field);
  switch (control) {
    case 'group':
      return <GroupField node={node} {...field} />;
    case 'list':
      return <ListField node={node} {...field} />;
    case 'variants':
      return <VariantField node={node} {...field} />;
    case 'json':
      return <JsonField node={node} {...field} name={label} hint={<Hint node={node} isJson />} />;
    default:
      return <ScalarField node={node} control={control} {...field} />;
  }
}

function GroupField({ node, ...field }: Props): ReactNode {
  const { text } = useFormats();
  const { value, onValue, pointer } = field;
  const label = useLabel(field);
  const name = showHidden(field.name);
  const error = useFieldError(pointer, node, field.isRequired && value === undefined);
  const members = node.members.map((member) => (
    <ValueField
      key={member.name}
      node={withoutNull(member.node)}
      name={member.name}
      isRequired={member.isRequired}
      pointer={pointerTo(pointer, member.name)}
      value={memberOf(value, member.name)}
      onValue={(next) => onValue(withMember(value, member.name, next))}
    />
  ));
  if (pointer === '') return members;
  return (
    <fieldset className={styles['group']}>
      <legend>{label}</legend>
      <Hint node={node} />
      {error !== undefined && <p className={styles['error']}>{error}</p>}
      {value !== undefined && members}
      <div>
        {value === undefined ? (
          <Button isSmall onClick={() => onValue(firstValue(node) ?? {})}>
            {text(SCHEMA.addGroup, { name })}
          </Button>
        ) : (
          !field.isRequired && (
            <Button isSmall look="quiet" onClick={() => onValue(undefined)}>
              {text(SCHEMA.leaveOut, { name })}
            </Button>
          )
        )}
      </div>
    </fieldset>
  );
}

function ListField({ node, ...field }: Props): ReactNode {
  const { text } = useFormats();
  const { onValue, pointer } = field;
  const label = useLabel(field);
  const name = showHidden(field.name);
  const error = useFieldError(pointer, node, field.isRequired && field.value === undefined);
  const entries = Array.isArray(field.value) ? field.value : [];
  const { items } = node;
  if (!items) return null;
  const change = (index: number, next: JsonValue | undefined): void =>
    onValue(entries.map((entry, at) => (at === index ? (next ?? emptyOf(items)) : entry)));
  return (
    <fieldset className={styles['group']}>
      <legend>{label}</legend>
      <Hint node={node} value={field.value} />
      {error !== undefined && <p className={styles['error']}>{error}</p>}
      {entries.map((entry, index) => (
        <div key={index} className={styles['entry']}>
          <ValueField
            node={withoutNull(items)}
            name={text(SCHEMA.entry, { name, n: index + 1 })}
            isRequired
            pointer={pointerTo(pointer, index)}
            value={entry}
            onValue={(next) => change(index, next)}
          />
          <Button isSmall look="quiet" onClick={() => onValue(entries.filter((_, at) => at !== index))}>
            {text(SCHEMA.removeEntry, { name: text(SCHEMA.entry, { name, n: index + 1 }) })}
          </Button>
        </div>
      ))}
      <div>
        <Button isSmall onClick={() => onValue([...entries, emptyOf(items)])}>
          {text(SCHEMA.add, { name })}
        </Button>
        {field.value !== undefined && !field.isRequired && (
          <Button isSmall look="quiet" onClick={() => onValue(undefined)}>
            {text(SCHEMA.leaveOut, { name })}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

function VariantField({ node, ...field }: Props): ReactNode {
  const { text } = useFormats();
  const { value, onValue } = field;
  const [chosen, setChosen] = useState<number>();
  const found = value === undefined ? 0 : node.variants.findIndex((variant) => fitsRoughly(variant, value));
  const index = chosen ?? Math.max(found, 0);
  const variant = node.variants[index];
  const name = showHidden(field.name);
  const choices = node.variants.map((each, at) => ({
    value: String(at),
    label: `${showHidden(each.title ?? text(SCHEMA.variant, { n: at + 1 }))} · ${typeWords(each, text)}`,
  }));
  return (
    <div className={styles['group']}>
      <SelectField
        label={text(SCHEMA.which, { name })}
        value={String(index)}
        choices={choices}
        onValue={(at) => {
          setChosen(Number(at));
          const next = node.variants[Number(at)];
          if (next && value !== undefined && !fitsRoughly(next, value)) onValue(firstValue(next));
        }}
      />
      {variant && <ValueField key={index} node={variant} {...field} />}
    </div>
  );
}
