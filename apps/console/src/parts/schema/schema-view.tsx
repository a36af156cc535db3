import type { JsonValue } from '@lethe/contracts';
import { type ReactNode, useMemo, useState } from 'react';
import { useFormats } from '../../text/text.js';
import { Badge } from '../../ui/badge.js';
import { Button } from '../../ui/button.js';
import { Verbatim } from '../verbatim.js';
import { type Member, readSchema, type SchemaNode } from './read-schema.js';
import styles from './schema.module.css';
import { cutWords, typeWords, valueWords } from './schema-words.js';
import { SCHEMA } from './texts.js';

/** A JSON Schema for reading: names, types, what is required, allowed values, defaults and descriptions. */
export function SchemaView({ schema }: { schema: unknown }): ReactNode {
  const { text } = useFormats();
  const node = useMemo(() => readSchema(schema), [schema]);
  const isEmpty = node.members.length === 0 && node.variants.length === 0 && !node.items && !node.cut;
  if (isEmpty && (node.types.includes('object') || node.types.length === 0)) {
    return <p className={styles['soft']}>{text(SCHEMA.none)}</p>;
  }
  return <Inside node={node} />;
}

/** What a value is made of. */
function Inside({ node }: { node: SchemaNode }): ReactNode {
  const { text } = useFormats();
  const why = cutWords(node, text);
  return (
    <>
      {why !== undefined && <p className={styles['soft']}>{why}</p>}
      {node.members.length > 0 && <Members members={node.members} />}
      {node.items && isWorthALook(node.items) && (
        <div className={styles['nested']}>
          <p className={styles['soft']}>{text(SCHEMA.item)}</p>
          <About node={node.items} />
          <Inside node={node.items} />
        </div>
      )}
      {node.variants.some(isWorthALook) && (
        <ol className={styles['nested']}>
          {node.variants.map((variant, index) => (
            <li key={index}>
              <p>
                <strong>
                  <Verbatim>{variantName(variant, text(SCHEMA.variant, { n: index + 1 }))}</Verbatim>
                </strong>{' '}
                <span className={styles['type']}>{typeWords(variant, text)}</span>
              </p>
              <About node={variant} />
              <Inside node={variant} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

const FIRST = 40;

function Members({ members }: { members: readonly Member[] }): ReactNode {
  const { text } = useFormats();
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? members : members.slice(0, FIRST);
  return (
    <>
      <ul className={styles['members']}>
        {shown.map(({ name, isRequired, node }) => (
          <li key={name}>
            <div className={styles['name']}>
              <code>
                <Verbatim>{name}</Verbatim>
              </code>
              <span className={styles['type']}>{typeWords(node, text)}</span>
              {isRequired && <Badge tone="plain">{text(SCHEMA.required)}</Badge>}
            </div>
            <About node={node} />
            {isWorthALook(node) && (
              <div className={styles['nested']}>
                <Inside node={node} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {shown.length < members.length && (
        <Button isSmall onClick={() => setWhole(true)}>
          {text(SCHEMA.more, { count: members.length })}
        </Button>
      )}
    </>
  );
}

function About({ node }: { node: SchemaNode }): ReactNode {
  const { text } = useFormats();
  const { title, description, allowed, byDefault, rules } = node;
  return (
    <>
      {(description ?? title) !== undefined && <Verbatim isLong>{description ?? title ?? ''}</Verbatim>}
      {allowed !== undefined && (
        <div className={styles['values']}>
          <span className={styles['soft']}>{text(allowed.length === 1 ? SCHEMA.const : SCHEMA.allowed)}</span>
          {allowed.map((value) => (
            <Value key={JSON.stringify(value)} value={value} />
          ))}
        </div>
      )}
      {(rules.length > 0 || byDefault !== undefined) && (
        <p className={styles['soft']}>
          <Verbatim>{ruleWords(node, text(SCHEMA.default, { value: valueWords(byDefault ?? '') }))}</Verbatim>
        </p>
      )}
    </>
  );
}

function Value({ value }: { value: JsonValue }): ReactNode {
  return (
    <code className={styles['value']}>
      <Verbatim>{valueWords(value)}</Verbatim>
    </code>
  );
}

function ruleWords({ rules, byDefault }: SchemaNode, defaultWords: string): string {
  const parts = rules.map(([name, value]) => `${name} ${value}`);
  return (byDefault === undefined ? parts : [defaultWords, ...parts]).join(' · ');
}

function variantName({ title }: SchemaNode, otherwise: string): string {
  return title ?? otherwise;
}

function isWorthALook(node: SchemaNode): boolean {
  return (
    node.members.length > 0 ||
    node.cut !== undefined ||
    node.description !== undefined ||
    node.allowed !== undefined ||
    (node.items !== undefined && isWorthALook(node.items)) ||
    node.variants.some(isWorthALook)
  );
}
